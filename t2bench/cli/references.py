"""``t2bench references``: the best known values and bounds, of a store or of the named families."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from problems.io.errors import InputError, shorten
from problems.judge import optimality_gap
from t2bench.cli.shared.limit_options import jobs_number
from t2bench.exit_codes import DONE, NO

if TYPE_CHECKING:
    from benchmarks.references.table import Entry

_HEADER = ("instance", "value", "bound", "gap, %", "source", "by")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "references",
        help="the best known value and bound of every instance of a store, or of the shipped table",
        description="Of a STORE: derives the references from its rows and the shipped table, keeps them in it and "
        "prints them. Without one: the shipped table. It holds caches, which are judged again whenever they count, "
        "prices, from which bounds are recomputed, and the command that repeats what only a search has proved.",
        epilog="Exit codes: 0 done, 1 a bound is false, an entry is not what it says or a cell failed, 2 bad input.",
    )
    parser.add_argument("store", nargs="?", metavar="STORE", help="a SQLite file's path or an SQLAlchemy URL")
    parser.add_argument("--check", action="store_true", help="judge the shipped table's solutions and prices again")
    parser.add_argument(
        "--rebuild", action="store_true", help="run the matrix `references` and write the table anew (a few minutes)"
    )
    parser.add_argument("--families", metavar="X,Y", help="of the shipped table these families alone")
    parser.add_argument(
        "--jobs", type=jobs_number, metavar="N", help="cells at once while rebuilding (default: all processors)"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="write the rebuilt table there instead")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print, check or rebuild."""
    _refuse_mixtures(arguments)
    if arguments.store is not None:
        return _of_store(arguments.store, arguments.json)
    if arguments.rebuild:
        return _rebuild(arguments)
    entries = _shipped(_families(arguments.families))
    return _check(entries) if arguments.check else _print_table(entries, arguments.json)


def _refuse_mixtures(arguments: argparse.Namespace) -> None:
    for option in ("check", "rebuild", "families", "jobs", "output"):
        if arguments.store is not None and getattr(arguments, option):
            raise InputError(f"--{option}: is for the shipped table; must stand without STORE")
    for option in ("jobs", "output"):
        if getattr(arguments, option) is not None and not arguments.rebuild:
            raise InputError(f"--{option}: must stand with --rebuild")
    if arguments.json and (arguments.check or arguments.rebuild):
        raise InputError("--json: must stand without --check and --rebuild")
    if arguments.rebuild and arguments.check:
        raise InputError("--check: must stand without --rebuild, which checks what it has made")


def _of_store(location: str, as_json: bool) -> int:
    """Derive, keep and print the references of a store; 1 if a bound is false."""
    from benchmarks.references.of_store import keep_references, references_in
    from benchmarks.store.store import Store

    with Store.open(location) as store:
        references = references_in(store)
    try:
        with Store.open(location, create=True) as store:
            keep_references(store, references)
    except InputError as error:
        print(f"t2bench: not kept: {error}", file=sys.stderr)
    _print([one.record() for one in references], as_json)
    false = [line for one in references for line in one.contradictions()]
    for line in false:
        print(line, file=sys.stderr)
    return NO if false else DONE


def _rebuild(arguments: argparse.Namespace) -> int:
    """Run the matrix of the table and write its files; 1 and no file if a cell failed or a bound is false."""
    from benchmarks.engine.local import LocalEngine
    from benchmarks.machine.provenance import cores
    from benchmarks.matrix.file import load_matrix
    from benchmarks.references.rebuild import MATRIX, differences, entries_of
    from benchmarks.references.table import FOLDER, covered_families, write_entries
    from benchmarks.store.store import Store
    from reports.writing.numbers import counted
    from t2bench.progress import RunProgress

    matrix = load_matrix(MATRIX)
    families = _families(arguments.families, matrix.sources)
    folder = arguments.output or FOLDER
    if not folder.is_dir():
        raise InputError(f"--output: {folder}; must be a folder")
    cells = matrix.cells(sources=families)
    failed = []
    with (
        tempfile.TemporaryDirectory(prefix="t2bench-") as temporary,
        Store.open(Path(temporary) / "references.sqlite", create=True) as store,
    ):
        engine = LocalEngine(arguments.jobs or cores())
        with RunProgress(len(cells)) as progress, contextlib.closing(engine.run(cells)) as rows:
            for row in rows:
                store.add(row)
                progress.count(row)
                failed += [row] if row.failed else []
        entries = entries_of(cells, store)
    for row in failed:
        print(f"failed: {row.cell['label']} on {row.recipe.instance().name}: {row.status}: {row.cell['error'] or ''}")
    shipped = _shipped([family for family in families if family in covered_families()])
    found = list(differences(shipped, entries))
    for line, _ in found:
        print(line)
    if _check(entries) or failed or any(is_false for _, is_false in found):
        print("nothing is written")
        return NO
    for family in families:
        own = [entry for entry in entries if entry.family == family]
        print(f"{write_entries(family, own, folder)}: {counted(len(own), 'reference')}")
    return DONE


def _check(entries: Sequence[Entry]) -> int:
    """Judge the entries again; 1 if one is not what it says."""
    from benchmarks.references.shipped_answers import check_entry
    from reports.writing.numbers import counted

    wrong = 0
    for one in map(check_entry, entries):
        wrong += bool(one.complaints)
        for complaint in one.complaints:
            print(f"{one.entry.name}: {complaint}")
    priced = sum(entry.priced_bound is not None for entry in entries)
    print(f"{counted(len(entries), 'reference')}: {len(entries) - wrong} judged as stated, {wrong} not")
    print(f"{counted(priced, 'bound')} recomputed from prices; what searches proved beyond, --rebuild proves again")
    return NO if wrong else DONE


def _families(text: str | None, known: Sequence[str] | None = None) -> list[str]:
    """The families that an option names, all without one. Raises InputError for one that the table has not."""
    from benchmarks.references.table import covered_families

    allowed = list(covered_families() if known is None else known)
    wanted = allowed if text is None else [name.strip() for name in text.split(",")]
    for name in wanted:
        if name not in allowed:
            raise InputError(f"--families: {shorten(name)}; must be among {', '.join(allowed)}")
    return wanted


def _shipped(families: Sequence[str]) -> list[Entry]:
    from benchmarks.references.table import read_entries

    return [entry for family in families for entry in read_entries(family)]


def _print_table(entries: Sequence[Entry], as_json: bool) -> int:
    _print([_record(entry) for entry in entries], as_json)
    return DONE


def _record(entry: Entry) -> dict[str, Any]:
    return {
        "instance": entry.name,
        "instance_sha256": entry.instance_sha256,
        "value": entry.value,
        "bound": entry.bound,
        "priced_bound": entry.priced_bound,
        "source": entry.source,
        "by": ", ".join(proof.solver for proof in entry.proofs),
        "command": entry.command,
    }


def _print(records: Sequence[dict[str, Any]], as_json: bool) -> None:
    """A line a reference."""
    from reports.writing.numbers import gap_percent
    from t2bench.cli.shared.columns import aligned

    if as_json:
        print(json.dumps(records, allow_nan=False))
        return
    lines = [_HEADER]
    for record in records:
        value, bound = record["value"], record["bound"]
        gap = math.nan if value is None or bound is None else optimality_gap(value, bound)
        shown = ["-" if number is None else f"{number:.9g}" for number in (value, bound)]
        lines.append((record["instance"], *shown, gap_percent(gap), record["source"], record["by"] or "-"))
    print(aligned(lines, left=(0, 4, 5)))
