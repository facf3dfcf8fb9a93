"""``t2bench import``: the cells of other machines' stores taken into one."""

from __future__ import annotations

import argparse
import contextlib

from t2bench.exit_codes import DONE, NO


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "import",
        help="take the cells of other stores into one",
        epilog="Of two rows of a cell the first stays. Each FROM is taken whole or not at all. Exit codes: 0 done, "
        "1 done, but a cell is answered differently (another status, or a cost more than 1e-9 relative apart), 2 bad "
        "input.",
    )
    parser.add_argument("store", metavar="STORE", help="a SQLite file's path or an SQLAlchemy URL; made if missing")
    parser.add_argument("sources", metavar="FROM", nargs="+", help="stores to take from; they are only read")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a line a source and a line a conflict; 1 if there is a conflict."""
    from benchmarks.references.of_store import keep_references, references_in
    from benchmarks.store.merge import merge
    from benchmarks.store.store import Store

    disagree = False
    with contextlib.ExitStack() as opened:
        # All of them before the first is taken: a bad one leaves nothing written.
        sources = [opened.enter_context(Store.open(source)) for source in arguments.sources]
        store = opened.enter_context(Store.open(arguments.store, create=True))
        for source in sources:
            merged = merge(store, source)
            conflicts = len(merged.conflicts)
            print(
                f"{source.location}: {merged.added} cells added, {merged.present} already there, "
                f"{conflicts} of them with another answer"
            )
            for one in merged.conflicts:
                place = f"{one.label} on {one.instance}, repetition {one.repetition}"
                print(f"conflict: {place}: {one.kept} stays; {source.location} says {one.refused}")
            disagree = disagree or bool(conflicts)
        keep_references(store, references_in(store))
    return NO if disagree else DONE
