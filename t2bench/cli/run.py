"""``t2bench run``: every cell of a matrix, a row in the store for each."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from problems.io.errors import InputError
from t2bench.cli.shared.limit_options import jobs_number
from t2bench.cli.shared.traceback_option import add_traceback_option, traceback_of_complaints
from t2bench.exit_codes import DONE, INTERRUPTED, NO

if TYPE_CHECKING:
    from benchmarks.engine.local import Engine
    from benchmarks.matrix.cell import Cell
    from benchmarks.matrix.matrix import Matrix
    from benchmarks.store.row import Row
    from benchmarks.store.store import Store

RERUN = ("failed", "timeouts", "all")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "run",
        help="run a matrix of solvers and instances into a store",
        epilog="Exit codes: 0 done, 1 a cell failed or ended at a limit, 2 bad input, 130 interrupted; finished rows "
        "are kept in any case.",
    )
    parser.add_argument("matrix", metavar="MATRIX", help="a shipped matrix (see --list) or a YAML file")
    parser.add_argument("--list", action=_List, nargs=0, help="list the shipped matrices and what they are for")
    parser.add_argument("--store", metavar="STORE", help="an SQLite file or an SQLAlchemy URL (default NAME.sqlite)")
    parser.add_argument(
        "--jobs",
        type=jobs_number,
        metavar="N",
        help="cells at once (default: all processors but one; on a cluster, all threads)",
    )
    parser.add_argument(
        "--engine", metavar="WHERE", default="local", help="local (the default), or a Dask scheduler's tcp://HOST:PORT"
    )
    parser.add_argument("--resume", action="store_true", help="run only the cells that the store does not hold yet")
    parser.add_argument(
        "--rerun",
        choices=RERUN,
        help="like --resume, and run cells again: those that failed, those that a time limit ended (with an answer or "
        "without), or all; a row stays until its cell's new one is there",
    )
    parser.add_argument(
        "--only-failed",
        action="store_true",
        help="run again only the cells that have a row and failed, no others; their rows stay until new ones are there",
    )
    parser.add_argument("--solvers", action="append", metavar="A,B", help="these solvers of the matrix alone")
    parser.add_argument(
        "--families", action="append", metavar="X,Y", help="these families alone, a plain name in all sizes"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="list the cells that would be run with an estimate, and run nothing"
    )
    add_traceback_option(parser)
    parser.set_defaults(run=run)


class _List(argparse.Action):
    """Prints the shipped matrices and ends, as --help does."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from benchmarks.matrix.file import purpose_of, shipped_matrices
        from t2bench.cli.shared.columns import aligned

        print(aligned([(name, purpose_of(name)) for name in shipped_matrices()], left=(0, 1)))
        parser.exit()


def run(arguments: argparse.Namespace) -> int:
    """Run what is left to run and say how it went; 1 if a cell failed."""
    from benchmarks.engine.local import default_jobs, engine_at
    from benchmarks.matrix.file import load_matrix
    from benchmarks.store.store import Store

    if arguments.only_failed and (arguments.resume or arguments.rerun):
        raise InputError("--only-failed: must stand without --resume and --rerun, which also run cells without a row")
    with traceback_of_complaints(arguments.traceback):
        matrix = load_matrix(arguments.matrix)
    location = arguments.store or f"{matrix.name}.sqlite"
    cells = _cells(matrix, arguments)
    if arguments.dry_run:
        _list(location, cells, arguments, arguments.jobs or default_jobs())
        return DONE
    if arguments.only_failed:
        Store.open(location).close()  # refuses a store that is not there, which would be made below
    with engine_at(arguments.engine, arguments.jobs) as engine, Store.open(location, create=True) as store:
        left = _left(cells, store, arguments)
        try:
            raised = _run_all(engine, left, store)
        except KeyboardInterrupt:
            print("t2bench: interrupted; what was finished is kept, --resume runs the rest", file=sys.stderr)
            return INTERRUPTED
        code = _summary(cells, store)
    if arguments.traceback:
        for row in raised:
            where = f"{row.cell['label']} on {row.recipe.instance().name}, repetition {row.cell['repetition']}"
            print(f"{where}:\n{row.traceback}", end="", file=sys.stderr)
    return code


def _cells(matrix: Matrix, arguments: argparse.Namespace) -> list[Cell]:
    """The cells that the command line asks for. Raises InputError for none."""
    from benchmarks.matrix.selection import chosen_families, chosen_solvers

    solvers = None if arguments.solvers is None else chosen_solvers(matrix, arguments.solvers)
    sources = None if arguments.families is None else chosen_families(matrix, arguments.families)
    cells = matrix.cells(solvers, sources)
    if not cells:
        raise InputError(f"{arguments.matrix}: has no cell of these --solvers on these --families")
    return cells


def _list(location: str, cells: Sequence[Cell], arguments: argparse.Namespace, jobs: int) -> None:
    """Print the cells that would be run, each with an estimate; a store to start need not be there."""
    from benchmarks.estimate.estimate import COLUMNS, estimates, summary
    from benchmarks.estimate.typical_times import TypicalTimes
    from benchmarks.store.store import Store

    left, rows = cells, None
    try:
        with Store.open(location) as store:
            rows = store.rows(*COLUMNS)
            left = _left(cells, store, arguments) if _continues(arguments) else cells
    except InputError:
        if arguments.only_failed or (_continues(arguments) and ("://" in location or Path(location).exists())):
            raise
    found = estimates(left, rows, TypicalTimes.read())
    for cell, one in zip(left, found, strict=True):
        print(f"{cell.label}\t{cell.recipe.instance().name}\tseed {cell.seed}\t{one}")
    print(summary(found, jobs))


def _continues(arguments: argparse.Namespace) -> bool:
    """Whether the store may hold some of the cells already."""
    return bool(arguments.resume or arguments.rerun or arguments.only_failed)


def _left(cells: Sequence[Cell], store: Store, arguments: argparse.Namespace) -> list[Cell]:
    """The cells that are to run. Raises InputError if some have a row and nobody said to go on."""
    from benchmarks.store.remaining import failed_before, unfinished

    if arguments.only_failed:
        return failed_before(cells, store)
    left = unfinished(cells, store, arguments.rerun)
    if len(left) < len(cells) and not _continues(arguments):
        raise InputError(
            f"{store.location}: holds {len(cells) - len(left)} of these {len(cells)} cells already; "
            "add --resume to run the others, or name another --store"
        )
    return left


def _run_all(engine: Engine, cells: Sequence[Cell], store: Store) -> list[Row]:
    """Run the cells into the store; the rows of solvers that raised."""
    from benchmarks.engine.record import recorded
    from t2bench.progress import RunProgress

    raised = []
    with RunProgress(len(cells)) as progress, contextlib.closing(recorded(engine, cells, store)) as rows:
        for row in rows:
            progress.count(row)
            raised += [] if row.traceback is None else [row]
    return raised


def _summary(cells: Sequence[Cell], store: Store) -> int:
    """Print counts of all the matrix's cells, what did not end well and false bounds; 1 if there is any of these."""
    from benchmarks.process.outcome import FAILED, answered_at_limit
    from benchmarks.references.of_store import keep_references, references_in

    rows = store.rows("cell_id", "label", "instance", "repetition", "status", "cost", "error", "violations")
    rows = rows[rows["cell_id"].isin({cell.cell_id for cell in cells})]
    answered = [answered_at_limit(*ending) for ending in zip(rows["status"], rows["cost"], strict=True)]
    rows = rows.assign(ending=rows["status"] + [" with an answer" if one else "" for one in answered])
    counts = ", ".join(f"{number} {ending}" for ending, number in rows["ending"].value_counts().items())
    print(f"{store.location}: {len(rows)} cells: {counts}")
    unwell = rows[rows["status"].isin(FAILED)]
    for row in unwell.to_dict("records"):
        error = row["error"] if isinstance(row["error"], str) else ""
        why = error or _first_violation(row["violations"])
        word = "failed" if row["ending"] == row["status"] else "at a limit"
        print(f"{word}: {row['label']} on {row['instance']}, repetition {row['repetition']}: {row['ending']}: {why}")
    references = references_in(store)
    keep_references(store, references)
    false = [line for one in references for line in one.contradictions()]
    for line in false:
        print(line)
    return NO if len(unwell) or false else DONE


def _first_violation(violations: str) -> str:
    found = json.loads(violations)
    return str(found[0]["message"]) if found else ""
