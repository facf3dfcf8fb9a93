"""``t2bench solvers``: what can answer."""

from __future__ import annotations

import argparse
import dataclasses
import json
from typing import Any


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
        return 0
    print(f"{'name':<20}{'kind':<12}{'tier':<20}{'promises':<28}what it is")
    for row in found:
        promises = ", ".join(word for word in ("exact", "bound", "start", "training") if row[word]) or "-"
        print(f"{row['name']:<20}{row['kind']:<12}{row['tier']:<20}{promises:<28}{row['missing'] or row['summary']}")
    return 0


def rows() -> list[dict[str, Any]]:
    """A row a solver or strategy, those that cannot be used here included."""
    from solvers.registry import listed

    return [_row(entry) for entry in listed()]


def _row(entry: Any) -> dict[str, Any]:
    row = {"name": entry.name, "kind": entry.kind, "installed": entry.part is not None, "missing": entry.missing}
    blank = {
        "tier": "",
        "exact": False,
        "bound": False,
        "start": False,
        "training": False,
        "summary": "",
        "settings": {},
    }
    if entry.part is None:
        return row | blank
    part = entry.part
    source = part().capabilities if entry.kind == "solver" else part
    settings = {field.name: _default(field) for field in dataclasses.fields(part)}
    return row | {
        "tier": source.tier,
        "exact": source.exact,
        "bound": bool(getattr(source, "gives_bound", False)),
        "start": bool(getattr(source, "takes_start", False)),
        "training": bool(getattr(source, "needs_training", False)),
        "summary": " ".join((part.__doc__ or "").split("\n\n")[0].split()),
        "settings": settings,
    }


def _default(field: dataclasses.Field[Any]) -> Any:
    value = field.default
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
