"""Tables: every solver on every family, how alike the families rank them, and what becomes of every pair."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pandas as pd

from reports.chapters.demand.measure import HOLDS, NEVER, PARTLY, TURNS, WHOLE, Comparison, Standing
from reports.statistics.two_way_bootstrap import CONFIDENCE
from reports.writing.numbers import between, counted, fixed, interval_name
from reports.writing.table import Column, Table

INTERVAL = interval_name(CONFIDENCE)
_ORDER = (TURNS, PARTLY, NEVER, HOLDS)
_SIDES = {1: "ahead", 0: "not told apart", -1: "behind"}


def standings_table(comparison: Comparison) -> Table:
    """Rank and captured gain of every solver, family by family."""
    rows = []
    for label in comparison.labels:
        row: dict[str, object] = {"label": label}
        for family, stand in zip(comparison.families, comparison.standings[label], strict=True):
            numbers = (stand.rank, stand.gain.mean, stand.gain.low, _end(stand), len(stand.by_seed))
            row |= _of_family(family, ("rank", "gain", "low", "high", "seeds"), numbers)
        rows.append(row)
    columns = [Column("solver", lambda r: r.label, "label")]
    for family in comparison.families:
        columns += [
            Column(f"{family}: rank", _shown(family, _rank, "rank"), "number"),
            Column(f"captured gain, % ({INTERVAL})", _shown(family, _interval, "gain", "low", "high"), "number"),
        ]
    columns.append(Column("training seeds", lambda r: _seeds(r, comparison.families), "number"))
    sizes = zip(comparison.instances, comparison.families, strict=True)
    extent = ", ".join(f"{counted(number, 'instance')} of {family}" for number, family in sizes)
    caption = f"Captured gain and rank on {extent}. A solver with one seed has an interval over traces alone."
    if comparison.left_out:
        caption += f" Left out, for lack of an answer somewhere: {', '.join(comparison.left_out)}."
    return Table("demand", "Every solver on every family", caption, pd.DataFrame(rows), tuple(columns))


def rankings_table(comparison: Comparison) -> Table:
    """How alike every two families rank the solvers."""
    rows = []
    for one, other in combinations(range(len(comparison.families)), 2):
        names = comparison.families[one], comparison.families[other]
        sides = [(pair.sides[one], pair.sides[other]) for pair in comparison.pairs]
        products = [first * second for first, second in sides if first and second]
        row = {"family": names[0], "other": names[1], "tau": comparison.correlation(*names), "pairs": len(sides)}
        once = sum((first != 0) != (second != 0) for first, second in sides)
        rows.append(row | {"same": products.count(1), "opposite": products.count(-1), "on_one_only": once})
    columns = (
        Column("family", lambda r: r.family, "label"),
        Column("other", lambda r: r.other, "label"),
        Column("Kendall's tau-b", lambda r: fixed(r.tau, 2), "number"),
        Column("told apart the same way on both", lambda r: str(r.same), "number"),
        Column("in opposite ways", lambda r: str(r.opposite), "number"),
        Column("on one only", lambda r: str(r.on_one_only), "number"),
    )
    caption = (
        f"Of the ranks of {counted(len(comparison.contestants), 'solver')}: 1 is the same order, -1 the reverse. The "
        f"other columns count those of {counted(len(comparison.pairs), 'pair')} that are told apart."
    )
    return Table("demand-rankings", "How alike families rank the solvers", caption, pd.DataFrame(rows), columns)


def pairs_table(comparison: Comparison) -> Table:
    """Every two solvers; what changes comes first."""
    rows = []
    for pair in sorted(comparison.pairs, key=lambda pair: _ORDER.index(pair.verdict)):
        row: dict[str, object] = {"label": pair.first, "other": pair.second, "order": pair.verdict}
        for family, lead, ahead in zip(comparison.families, pair.leads, pair.sides, strict=True):
            row |= _of_family(family, ("lead", "low", "high", "side"), (lead.mean, lead.low, lead.high, ahead))
        rows.append(row)
    columns = [
        Column("solver", lambda r: r.label, "label"),
        Column("other", lambda r: r.other, "label"),
        Column("the order", lambda r: r.order),
    ]
    for family in comparison.families:
        shown = _shown(family, _interval, "lead", "low", "high")
        columns += [
            Column(f"{family}: points ({INTERVAL})", shown, "number"),
            Column("the solver is", _shown(family, _SIDES.__getitem__, "side")),
        ]
    caption = (
        "Captured gain of the solver less that of the other, in percentage points. The order holds where the two are "
        "told apart the same way on every family, turns where they are told apart in opposite ways, and else shows on "
        "some families only or nowhere."
    )
    return Table("demand-pairs", "What becomes of every pair", caption, pd.DataFrame(rows), tuple(columns))


def _end(stand: Standing) -> float:
    return stand.gain.high if math.isnan(stand.gain.high) else min(stand.gain.high, WHOLE)


def _of_family(family: str, names: tuple[str, ...], values: tuple[float, ...]) -> dict[str, object]:
    return {f"{family}_{name}": value for name, value in zip(names, values, strict=True)}


def _shown(family: str, show: Callable[..., str], *names: str) -> Callable[[Any], str]:
    """Shows the named columns of a family."""
    return lambda row: show(*(getattr(row, f"{family}_{name}") for name in names))


def _rank(rank: float) -> str:
    return f"{rank:g}"


def _interval(mean: float, low: float, high: float) -> str:
    return f"{fixed(mean, 2)} ({between(low, high, lambda end: fixed(end, 2))})"


def _seeds(row: Any, families: list[str]) -> str:
    return str(min(getattr(row, f"{family}_seeds") for family in families))
