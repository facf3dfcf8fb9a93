"""``t2bench rejudge``: every cell of a store judged again."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from t2bench.exit_codes import DONE, NO

if TYPE_CHECKING:
    from benchmarks.store.rejudge import Rejudged


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "rejudge",
        help="judge every cell of a store again",
        epilog="Exit codes: 0 all as stored, 1 a cell differs or cannot be read, 2 bad input. The store is only read.",
    )
    parser.add_argument("store", metavar="STORE", help="a SQLite file's path or an SQLAlchemy URL")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a line a difference and the counts; 1 if there is a difference."""
    from benchmarks.store.rejudge import rejudge
    from benchmarks.store.store import Store
    from problems.tolerances import OBJECTIVE_TOLERANCE

    cells = without = differing = unreadable = full = partial = 0
    with Store.open(arguments.store) as store:
        for one in rejudge(store):
            cells += 1
            without += not one.has_solution
            differing += bool(one.differences)
            unreadable += one.unreadable is not None
            full += one.bound_in_full
            partial += one.bound is not None and not one.bound_in_full
            _complain(one)
        print(f"{store.location}: {cells} cells: {cells - without} with a solution, {without} without")
    print(f"{differing} differ by more than {OBJECTIVE_TOLERANCE:g} relative, {unreadable} cannot be read")
    print(f"{full + partial} bounds recomputed from prices: {full} reach the stored one, {partial} lie below it")
    return NO if differing or unreadable else DONE


def _complain(one: Rejudged) -> None:
    place = f"{one.label} on {one.instance}, repetition {one.repetition} (cell {one.cell_id[:12]})"
    for difference in one.differences:
        print(f"differs: {place}: {difference}")
    if one.unreadable is not None:
        print(f"unreadable: {place}: {one.unreadable}")
