"""``t2bench compare``: what got better or worse from one store to another."""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from problems.io.errors import InputError
from t2bench.exit_codes import DONE, NO

if TYPE_CHECKING:
    import pandas as pd

    from reports.compare.compare import Comparison, Regression, SolverChange
    from reports.compare.exact import Difference, ExactComparison
    from reports.compare.paired_times import TimeRatio

    _Names = tuple[str, str]
    _Rows = tuple[pd.DataFrame, pd.DataFrame]

_HEADS = (
    *("solver", "cells", "gap before, %", "gap after, %", "costs up", "down", "greatest rise, %"),
    *("statuses worse", "better", "proofs lost", "won", "time after/before"),
)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "compare",
        help="compare two stores cell by cell",
        epilog="A cell is an instance, a solver's label and settings, a repetition, a seed and limits; the code may "
        "differ. In times, work is in units of the micro-solve beside it, sleep in seconds, and waiting for a "
        "processor is left out; a ratio has a 90 % interval with at least five instances. What a time limit ended "
        "counts for the solver as a whole. Exit codes: 0 nothing got worse, 1 a cost rose by more than the "
        "tolerance, a status got worse, a solver got slower or is missing: none of its cells is in B, which has other "
        "cells of its matrix; with --exact, a cost or a status differs or a cell is in one store alone; 2 bad input.",
    )
    parser.add_argument("before", metavar="A", help="the store before: a SQLite file's path or an SQLAlchemy URL")
    parser.add_argument("after", metavar="B", help="the store after")
    parser.add_argument(
        "--exact",
        action="store_true",
        help="name every cost that differs in any bit, up or down, every status that differs and every cell that is "
        "in one store alone; times and tolerances do not count, and cells that a limit ended are named apart and "
        "decide nothing",
    )
    parser.add_argument(
        "--tolerance", type=_percent, default=0.001, metavar="PCT", help="by how much a cost may rise (default 0.001)"
    )
    parser.add_argument(
        "--time-tolerance",
        type=_percent,
        default=15.0,
        metavar="PCT",
        help="by how much a solver's time may rise before the whole interval of its ratio is above (default 15)",
    )
    parser.add_argument("--ignore-times", action="store_true", help="show times, but let them decide nothing")
    parser.add_argument(
        "--ignore-missing", action="store_true", help="name solvers that are missing in B, but let them decide nothing"
    )
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.set_defaults(run=run)


def _percent(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise argparse.ArgumentTypeError(f"{text}; must be a number >= 0, in per cent")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Print what differs; 1 if anything got worse, or with ``--exact`` if anything differs."""
    from benchmarks.store.store import Store
    from reports.compare.matched_cells import COLUMNS

    with Store.open(arguments.before) as before, Store.open(arguments.after) as after:
        names, rows = (before.location, after.location), (before.rows(*COLUMNS), after.rows(*COLUMNS))
    try:
        return (_run_exactly if arguments.exact else _run)(arguments, names, rows)
    except InputError as error:
        raise error.within(f"{names[0]}, {names[1]}") from None


def _run(arguments: argparse.Namespace, names: _Names, rows: _Rows) -> int:
    """A table of solvers and a line a regression; 1 if there is any."""
    from reports.compare.compare import compare, with_missing

    time_tolerance = None if arguments.ignore_times else arguments.time_tolerance / 100
    found = compare(*rows, tolerance=arguments.tolerance / 100, time_tolerance=time_tolerance)
    found = with_missing(found, *rows, decides=not arguments.ignore_missing)
    if arguments.json:
        _print_json(names, found)
    else:
        _print(found, *names)
    return NO if found.regressions else DONE


def _run_exactly(arguments: argparse.Namespace, names: _Names, rows: _Rows) -> int:
    """A line in all and a line a difference; 1 if there is any that no limit explains."""
    from reports.compare.exact import compare_exactly

    found = compare_exactly(*rows)
    if arguments.json:
        _print_json(names, found)
    else:
        _print_exactly(found, *names)
    decisive = [one for one in found.differences if one.kind != "missing" or not arguments.ignore_missing]
    return NO if decisive else DONE


def _print_json(names: _Names, found: Comparison | ExactComparison) -> None:
    print(json.dumps({"before": names[0], "after": names[1], **_document(asdict(found))}, allow_nan=False))


def _print_exactly(found: ExactComparison, before: str, after: str) -> None:
    from reports.writing.numbers import counted

    at_limit = f"{counted(len(found.at_limit), 'difference')} of cells at a limit" if found.at_limit else ""
    rest = f"every {'other ' if at_limit else ''}cost and status is the same"
    differences = counted(len(found.differences), "difference") if found.differences else rest
    print("; ".join(filter(None, (_extent(found, before, after), differences, at_limit))))
    for one in found.differences:
        if one.kind == "missing":
            print(f"missing: {one.label} on {one.where}: only in {after if one.before is None else before}")
        else:
            print(f"differs: {one.label} on {one.where}: {one.kind} {_both(one)}")
    for one in found.at_limit:
        print(f"at a limit: {one.label} on {one.where}: {one.kind} {_both(one)}")


def _both(one: Difference) -> str:
    return " -> ".join(
        "none" if value is None else value if isinstance(value, str) else repr(value)
        for value in (one.before, one.after)
    )


def _extent(found: Comparison | ExactComparison, before: str, after: str) -> str:
    """How many cells were compared, and how many rows were not."""
    from reports.writing.numbers import counted

    old = f"; {counted(found.superseded, 'row')} of older code left out" if found.superseded else ""
    alone = f"{found.only_before} only in {before}, {found.only_after} only in {after}"
    return f"{counted(found.matched, 'cell')} in both, {alone}{old}"


def _print(found: Comparison, before: str, after: str) -> None:
    from reports.writing.numbers import counted
    from t2bench.cli.shared.columns import aligned

    print(aligned([_HEADS, *map(_line, found.solvers)]))
    near = f"; {counted(found.excused, 'cell')} near a time limit before and at it now" if found.excused else ""
    count = counted(len(found.regressions), "regression")
    print(f"{_extent(found, before, after)}{near}; {count}")
    for one in found.regressions:
        print(f"worse: {one.label} on {one.where}: {one.kind} {_values(one)}")
    if not any(one.kind == "missing" for one in found.regressions):
        for missing in found.missing:
            print(f"missing: {missing.label}: {_rows(missing.rows_before, missing.rows_after)}")


def _line(change: SolverChange) -> list[str]:
    from reports.writing.numbers import fixed, gap_percent

    return [
        change.label,
        str(change.cells),
        gap_percent(change.gap_before),
        gap_percent(change.gap_after),
        str(change.costs_up),
        str(change.costs_down),
        fixed(100 * change.greatest_rise, 3),
        str(change.statuses_worse),
        str(change.statuses_better),
        str(change.proofs_lost),
        str(change.proofs_won),
        _time(change.time),
    ]


def _time(time: TimeRatio | None) -> str:
    from reports.writing.numbers import MISSING, significant

    if time is None:
        return MISSING
    if time.noisy:
        return f"{significant(time.ratio)} (noise)"
    if math.isnan(time.low):
        return f"{significant(time.ratio)} (too few)"
    return f"{significant(time.ratio)} ({significant(time.low)} to {significant(time.high)})"


def _values(one: Regression) -> str:
    if isinstance(one.before, str) or isinstance(one.after, str):
        return f"{one.before} -> {one.after}"
    if one.kind == "missing":
        return _rows(int(one.before), int(one.after))
    if one.kind in ("costs", "time"):
        return f"times {one.after:.4g}"
    rise = f" (+{100 * (one.after - one.before) / one.before:.3g} %)" if one.before else ""
    return f"{one.before!r} -> {one.after!r}{rise}"


def _rows(before: int, after: int) -> str:
    """How many rows two stores have of a solver without a cell in both."""
    from reports.writing.numbers import counted

    return f"{counted(before, 'row')} -> {after}" + (" of other settings, seeds, limits or instances" if after else "")


def _document(value: Any) -> Any:
    """JSON values; what is no finite number is null."""
    if isinstance(value, dict):
        return {key: _document(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_document(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
