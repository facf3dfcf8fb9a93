"""Everything that the page's scripts know, as one JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from reports.chapters.anytime import plot as anytime
from reports.chapters.convergence import plot as learning_curves
from reports.chapters.learners import plot as learners
from reports.chapters.learners.measure import contests_of
from reports.chapters.overview import gap_and_time_plot as gap_and_time
from reports.chapters.overview import ladder_plot as ladder
from reports.chapters.overview import latency_and_quality_plot as latency_and_quality
from reports.chapters.overview import timescale_split_plot as timescale_split
from reports.chapters.profiles import plot as profiles
from reports.drawing.compact import DIGITS, compact, whole
from reports.drawing.plot import Plot
from reports.drawing.style import marks
from reports.page.cells import MOST_CELLS, cell_columns
from reports.page.decisions import Answers, decisions
from reports.page.selection import first_of
from reports.page.timescales import losses
from reports.study.study import Study, present


def explorer_data(study: Study, summary: pd.DataFrame, store: Answers) -> dict[str, Any]:
    """The data of the page; the same study and solutions give the same data."""
    solvers = sorted(study.cells["label"].unique())
    chosen = first_of(study, MOST_CELLS)
    return {
        "solvers": _solvers(study, solvers),
        "scopes": list(dict.fromkeys(summary["scope"])),
        "families": study.families,
        "instances": _instances(study),
        "cells": cell_columns(study, chosen, solvers),
        "plots": [plot.document(solvers) for plot in _plots(study, summary, chosen, store)],
        "decisions": decisions(study, chosen, solvers, store),
    }


def _plots(study: Study, summary: pd.DataFrame, chosen: Sequence[str], store: Answers) -> list[Plot]:
    return [
        ladder.plot(summary),
        gap_and_time.plot(summary),
        profiles.plot(study),
        anytime.plot(study),
        timescale_split.plot(losses(study, chosen, store)),
        latency_and_quality.plot(summary),
        *learners.plots(contests_of(study), set(study.cells["label"])),
        *learning_curves.plots(study),
    ]


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
