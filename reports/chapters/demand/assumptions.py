"""Table: what the fitted families rest on where nothing was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import pandas as pd

from problems.calibration.measured import Assumptions as OfMeasurements
from problems.production.assumptions import Assumptions as OfLogs
from reports.writing.table import Column, Table

_ASSUMPTIONS: dict[str, Any] = {"measured": OfMeasurements(), "production": OfLogs()}
"""By family: those that the shipped scenarios were made with."""


def assumptions_table(families: Sequence[str]) -> Table:
    """Every assumption of these families; none is known of others."""
    rows = [
        {"family": family, "assumption": entry.name, "value": getattr(values, entry.name)}
        | {"unit": entry.metadata["unit"], "purpose": entry.metadata["purpose"]}
        for family, values in _ASSUMPTIONS.items()
        if family in families
        for entry in fields(values)
    ]
    columns = (
        Column("family", lambda r: r.family, "label"),
        Column("assumption", lambda r: r.assumption, "code"),
        Column("value", lambda r: f"{r.value:.3g} {r.unit}".strip(), "number"),
        Column("what for", lambda r: r.purpose),
    )
    caption = (
        "What was not measured, or is not in the log. Powers, noise, backhaul, weights and users' moves are those of "
        "the drawn families, and so are the demand and the budgets of measured models. The command “t2bench families” "
        "with a family's name prints sources, intervals and assumptions."
    )
    names = ["family", "assumption", "value", "unit", "purpose"]
    return Table("demand-assumptions", "What is assumed", caption, pd.DataFrame(rows, columns=names), columns)
