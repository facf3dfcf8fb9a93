"""Table: who leads a tier on a family, by how much, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from reports.chapters.overview.leaders import Lead
from reports.statistics.two_way_bootstrap import CONFIDENCE, Estimate
from reports.writing.numbers import (
    MISSING,
    PERCENT,
    UNKNOWN,
    fixed,
    interval_name,
    percent_interval,
    points,
    significant,
)
from reports.writing.table import Column, Table

NAME = "leaders"
_INTERVAL = interval_name(CONFIDENCE)
_CAPTION = (
    "Within a tier and a family, among solvers that answered every cell. Where several promise and prove every "
    "optimum, the fastest leads, by the geometric mean of its times, and its lead is how many times as long the next "
    "takes; elsewhere the least mean gap leads, and the lead is in points of it. The interval is paired by instance "
    "and holds the luck of training seeds and traces; scenarios are fixed (two-way bootstrap). A solver whose interval "
    "includes no lead is not told apart. The leader was picked from the same cells, which flatters small leads, and "
    "each interval holds by itself; of twenty, one may err."
)
_DATA = (
    *("family", "tier", "measure", "leaders", "value_low", "value_high", "following", "lead", "lead_low", "lead_high"),
    *("sure", "level", "solvers", "instances"),
)


def leaders_table(leads: Sequence[Lead]) -> Table:
    """One row a lead, in their order."""
    columns = (
        Column("family", lambda r: r.family),
        Column("tier", lambda r: r.tier, "label"),
        Column("leads", lambda r: r.leaders),
        Column("with", _value, "number"),
        Column("next", lambda r: r.following or MISSING),
        Column("lead", _lead, "number"),
        Column(f"its {_INTERVAL}", _interval, "number"),
        Column("not told apart", lambda r: r.level or MISSING),
        Column("instances", lambda r: str(r.instances), "number"),
    )
    data = pd.DataFrame(list(map(_row, leads)), columns=_DATA)
    return Table(NAME, "Who leads, and how sure that is", _CAPTION, data, columns)


def _row(lead: Lead) -> tuple[Any, ...]:
    ahead = lead.ahead
    return (
        *(lead.family, lead.tier, lead.measure, ", ".join(lead.leaders), lead.low, lead.high, lead.following),
        *(ahead.mean, ahead.low, ahead.high, lead.sure, ", ".join(lead.level), lead.solvers, lead.instances),
    )


def value_text(measure: str, low: float, high: float) -> str:
    """What the leader has: its gap or its time."""
    if measure == "time":
        return f"{significant(low)}\u00a0s"
    gap = percent_interval(low, high)
    return gap if gap == UNKNOWN else f"{gap}{PERCENT}"


def lead_text(measure: str, lead: float) -> str:
    """How much less that is than the next solver has."""
    return f"{_factor(lead)} times" if measure == "time" else f"{points(lead)} points"


def interval_text(measure: str, ahead: Estimate) -> str:
    """The interval of the lead, in its unit."""
    show = _factor if measure == "time" else points
    return f"{show(ahead.low)} to {show(ahead.high)}"


def _factor(value: float) -> str:
    return fixed(value, 2 if value < 10 else 0)


def _value(row: Any) -> str:
    return value_text(row.measure, row.value_low, row.value_high)


def _lead(row: Any) -> str:
    return lead_text(row.measure, row.lead) if row.following else MISSING


def _interval(row: Any) -> str:
    known = row.lead_low == row.lead_low
    return interval_text(row.measure, Estimate(row.lead, row.lead_low, row.lead_high)) if known else MISSING
