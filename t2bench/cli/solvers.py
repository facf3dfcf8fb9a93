"""``t2bench solvers``: what can answer."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from t2bench.exit_codes import DONE

if TYPE_CHECKING:
    from solvers.registry import Listed


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "solvers",
        help="list solvers and strategies",
        epilog="A caching strategy alone is paired with `exact`; CACHING+ALLOCATION pairs any two.",
    )
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a line a solver or strategy."""
    found = rows()
    if arguments.json:
        print(json.dumps(found))
        return DONE
    print(f"{'name':<20}{'kind':<12}{'tier':<20}{'promises':<28}what it is")
    for row in found:
        promises = ", ".join(word for word in ("exact", "bound", "start", "training") if row[word]) or "-"
        print(f"{row['name']:<20}{row['kind']:<12}{row['tier']:<20}{promises:<28}{row['missing'] or row['summary']}")
    return DONE


def rows() -> list[dict[str, Any]]:
    """A row a solver or strategy, those that cannot be used here included."""
    from solvers.registry import listed

    return [_row(entry) for entry in listed()]


def _row(entry: Listed) -> dict[str, Any]:
    row = {"name": entry.name, "kind": entry.kind, "installed": entry.missing is None, "missing": entry.missing}
    words = ("tier", "exact", "bound", "start", "training", "summary", "settings")
    blank = dict(zip(words, ("", False, False, False, False, "", {}), strict=True))
    if entry.says is None:
        return row | blank
    return row | {word: getattr(entry.says, word) for word in words}
