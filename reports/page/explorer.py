"""Everything that the page's scripts know, as one JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.drawing.compact import DIGITS, compact, whole
from reports.drawing.plot import Plot
from reports.drawing.style import marks
from reports.page.cells import cell_columns
from reports.page.decisions import decisions
from reports.study.cells import present
from reports.study.selection import in_detail
from reports.study.study import Study


def explorer_data(study: Study, plots: Sequence[Plot]) -> dict[str, Any]:
    """The data of the page; the same study and solutions give the same data."""
    solvers = sorted(study.cells["label"].unique())
    chosen = in_detail(study)
    return {
        "solvers": _solvers(study, solvers),
        "scopes": list(study.scopes),
        "families": study.families,
        "instances": _instances(study),
        "cells": cell_columns(study, chosen, solvers),
        "plots": [plot.document(solvers) for plot in plots],
        "decisions": decisions(study, chosen, solvers),
    }


def _solvers(study: Study, solvers: Sequence[str]) -> list[dict[str, Any]]:
    first = study.cells.drop_duplicates("label").set_index("label")
    looks = marks(solvers)
    return [
        {"label": label, "tier": present(first.at[label, "tier"]), "colour": looks[label].colour}
        | {"marker": looks[label].marker, "dash": looks[label].dash}
        for label in solvers
    ]


def _instances(study: Study) -> list[dict[str, Any]]:
    first = study.cells.drop_duplicates("instance_sha256").set_index("instance_sha256")
    return [
        {
            "name": study.names[sha],
            "of": str(first.at[sha, "instance"]),
            "family": study.families.index(study.family_of[sha]),
            "seeds": [whole(first.at[sha, name]) for name in ("scenario_seed", "trace_seed")],
            "certified": reference.certified,
            "best": None if reference.best_cost is None else compact(reference.best_cost, DIGITS),
            "bound": None if reference.best_bound is None else compact(reference.best_bound, DIGITS),
        }
        for sha, reference in study.references.items()
    ]
