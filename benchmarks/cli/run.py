"""``t2bench run``: every cell of a matrix, a row in the store for each."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from problems.errors import InputError

if TYPE_CHECKING:
    from benchmarks.engine import Engine
    from benchmarks.recipe import Cell
    from benchmarks.store import Store

ENGINES = ("local",)
INTERRUPTED = 130


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "run",
        help="run a matrix of solvers and instances into a store",
        epilog="Exit codes: 0 done, 1 a cell failed or ended at a limit, 2 bad input, 130 interrupted; finished rows "
        "are kept in any case.",
    )
    parser.add_argument("matrix", metavar="MATRIX", help="a shipped matrix (quick) or a YAML file")
    parser.add_argument("--store", metavar="STORE", help="an SQLite file or an SQLAlchemy URL (default NAME.sqlite)")
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="cells at once (default: all processors but one)")
    parser.add_argument("--engine", choices=ENGINES, default="local", help="where the cells run (default local)")
    parser.add_argument("--resume", action="store_true", help="run only the cells that the store does not hold yet")
    parser.add_argument("--dry-run", action="store_true", help="list the cells and run nothing")
    parser.set_defaults(run=run)


def _jobs(text: str) -> int:
    try:
        jobs = int(text)
    except ValueError:
        jobs = 0
    if jobs < 1:
        raise argparse.ArgumentTypeError(f"{text}; must be a whole number >= 1")
    return jobs


def run(arguments: argparse.Namespace) -> int:
    """Run what is left to run and say how it went; 1 if a cell failed."""
    from benchmarks.engine import LocalEngine, default_jobs
    from benchmarks.matrix_file import load_matrix
    from benchmarks.store import Store

    matrix = load_matrix(arguments.matrix)
    cells = matrix.cells()
    jobs = arguments.jobs or default_jobs()
    if arguments.dry_run:
        _list(cells, jobs)
        return 0
    with Store.open(arguments.store or f"{matrix.name}.sqlite", create=True) as store:
        left = _left(cells, store, arguments.resume)
        try:
            _run_all(LocalEngine(jobs), left, store)
        except KeyboardInterrupt:
            print("t2bench: interrupted; what was finished is kept, --resume runs the rest", file=sys.stderr)
            return INTERRUPTED
        return _summary(cells, store)


def _list(cells: Sequence[Cell], jobs: int) -> None:
    for cell in cells:
        print(f"{cell.label}\t{cell.recipe.instance().name}\tseed {cell.seed}")
    limits = [cell.time_limit_s for cell in cells if cell.time_limit_s is not None]
    if len(limits) == len(cells):
        print(f"{len(cells)} cells; at most {sum(limits) / jobs / 60:.0f} min with {jobs} at once")
    else:
        print(f"{len(cells)} cells without a time limit")


def _left(cells: Sequence[Cell], store: Store, resume: bool) -> list[Cell]:
    """The cells without a row. Raises InputError if some have one and nobody said to go on."""
    finished = store.finished()
    left = [cell for cell in cells if cell.cell_id not in finished]
    if len(left) < len(cells) and not resume:
        held = len(cells) - len(left)
        raise InputError(
            f"{store.location}: holds {held} of these {len(cells)} cells already; "
            "add --resume to run the others, or name another --store"
        )
    return left


def _run_all(engine: Engine, cells: Sequence[Cell], store: Store) -> None:
    from benchmarks.cli.progress import RunProgress

    with RunProgress(len(cells)) as progress, contextlib.closing(engine.run(cells)) as rows:
        for row in rows:
            store.add(row)
            progress.count(row)


def _summary(cells: Sequence[Cell], store: Store) -> int:
    """Print counts of all the matrix's cells, what did not end well and false bounds; 1 if there is any of these."""
    from benchmarks.contradictions import contradictions_in
    from benchmarks.outcome import FAILED
    from benchmarks.row import answered_at_limit

    rows = store.rows("cell_id", "label", "instance", "repetition", "status", "cost", "error", "violations")
    rows = rows[rows["cell_id"].isin({cell.cell_id for cell in cells})]
    answered = [answered_at_limit(*ending) for ending in zip(rows["status"], rows["cost"], strict=True)]
    rows = rows.assign(ending=rows["status"] + [" with an answer" if one else "" for one in answered])
    counts = ", ".join(f"{number} {ending}" for ending, number in rows["ending"].value_counts().items())
    print(f"{store.location}: {len(rows)} cells: {counts}")
    unwell = rows[rows["status"].isin(FAILED)]
    for row in unwell.to_dict("records"):
        said = row["error"] if isinstance(row["error"], str) else ""
        why = said or _first_violation(row["violations"])
        word = "failed" if row["ending"] == row["status"] else "at a limit"
        print(f"{word}: {row['label']} on {row['instance']}, repetition {row['repetition']}: {row['ending']}: {why}")
    false = contradictions_in(store)
    for instance, one in false:
        print(
            f"contradiction: {one.label} states that no solution of {instance} costs less than {one.bound!r}; "
            f"{one.cost_label} found one that costs {one.cost!r}"
        )
    return 1 if len(unwell) or false else 0


def _first_violation(violations: str) -> str:
    found = json.loads(violations)
    return str(found[0]["message"]) if found else ""
