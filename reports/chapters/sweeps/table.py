"""Tables: the excess of every solver at every point of a sweep, and all figures of all points."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from reports.chapters.sweeps.measure import METRICS, Outcome, Point, Sweep
from reports.statistics.two_way_bootstrap import CONFIDENCE
from reports.writing.numbers import DAGGER, between, counted, fixed
from reports.writing.table import Column, Table

_HEADINGS = {"cost": "cost", "excess": "excess, %", "hit_ratio": "hit ratio"}


def sweep_table(sweep: Sweep) -> Table:
    """The points of one axis, a row each, with the optimum's mean cost and every solver's mean excess over it."""
    labels = list(sweep.solvers)
    rows = [
        [sweep.family, sweep.axis.name, point.value, math.nan if point.optimum is None else point.optimum.mean]
        + [_excess(point, label) for label in labels]
        for point in sweep.points
    ]
    data = pd.DataFrame(rows, columns=["family", "axis", "value", "optimum", *labels])
    incomplete = {
        (place, label)
        for place, point in enumerate(sweep.points)
        for label in labels
        if label in point.outcomes and not point.outcomes[label].complete
    }
    marked = {(sweep.points[place].value, label) for place, label in incomplete}
    columns = [
        Column(sweep.axis.name, lambda r: f"{r.value:.3g}", "number"),
        Column("cost of the optimum", lambda r: fixed(r.optimum, 3), "number"),
        *(Column(f"{label}, %", _shown(4 + place, label, marked), "number") for place, label in enumerate(labels)),
    ]
    caption = (
        f"Mean excess over the certified optimum at every point of {sweep.family} along one axis; "
        f"{counted(sum(point.instances for point in sweep.points), 'instance')}. Intervals, hit ratios and costs stand "
        "in tables/sweep-points.csv."
    )
    if marked:
        caption += f" {DAGGER}: a mean over an incomplete set of instances."
    return Table("sweeps", f"{sweep.family}: {sweep.axis.name}", caption, data, tuple(columns))


def _excess(point: Point, label: str) -> float:
    outcome = point.outcomes.get(label)
    return math.nan if outcome is None or "excess" not in outcome.estimates else outcome.estimates["excess"].mean


def _shown(place: int, label: str, marked: set[tuple[float, str]]) -> Callable[[Any], str]:
    """A cell by its place in the row: labels are no names of attributes."""

    def show(row: Any) -> str:
        return fixed(row[place], 2) + (DAGGER if (row.value, label) in marked else "")

    return show


def points_table(sweeps: Sequence[Sweep]) -> Table:
    """Every solver at every point, all metrics with their intervals."""
    rows = [
        {"family": point.family, "axis": sweep.axis.name, "value": point.value, "label": label}
        | {"instances": point.instances, "complete": outcome.complete}
        | {name: value for metric in METRICS for name, value in _estimate(outcome, metric).items()}
        for sweep in sweeps
        for point in sweep.points
        for label, outcome in point.outcomes.items()
        if label in sweep.solvers
    ]
    shown = [
        Column("axis", lambda r: r.axis, "label"),
        Column("value", lambda r: f"{r.value:g}", "number"),
        Column("solver", lambda r: r.label, "label"),
        Column("instances", lambda r: str(r.instances), "number"),
    ]
    for metric, heading in _HEADINGS.items():
        shown.append(Column(f"mean {heading}", _number(metric), "number"))
        shown.append(Column(f"its {100 * CONFIDENCE:g} % interval", _interval(metric), "number"))
    caption = "Means over instances and training seeds with their intervals."
    return Table("sweep-points", "All points of all sweeps", caption, pd.DataFrame(rows), tuple(shown))


def _estimate(outcome: Outcome, metric: str) -> dict[str, float]:
    found = outcome.estimates.get(metric)
    values = (math.nan,) * 3 if found is None else (found.mean, found.low, found.high)
    return dict(zip((metric, f"{metric}_low", f"{metric}_high"), values, strict=True))


def _number(metric: str) -> Callable[[Any], str]:
    return lambda row: fixed(getattr(row, metric), 3)


def _interval(metric: str) -> Callable[[Any], str]:
    def show(row: Any) -> str:
        low, high = getattr(row, f"{metric}_low"), getattr(row, f"{metric}_high")
        return between(low, high, lambda end: fixed(end, 3))

    return show
