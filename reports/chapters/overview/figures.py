"""The figures of the overview."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reports.chapters.overview import cost_split, gap_against_time, gap_per_family
from reports.chapters.overview.panels import Panel, panel_of
from reports.drawing.figure import Figure
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.study.summary import widest
from reports.writing.numbers import counted

NAMES = ("gap-against-time", "gap-per-family", "cost-split")
SHOWN_SOLVERS = 40
"""A figure with more rows than this is unreadable; the tables hold all."""


def figures(study: Study) -> list[Figure]:
    """Every figure that the study has data for; none where no cell was solved."""
    return list(_figures(study))


def _figures(study: Study) -> Iterator[Figure]:
    summary = study.summary
    solved = study.cells[study.cells["solved"]]
    answered = summary[summary["instances"] > 0]
    panels = _panels(study, answered)
    if not panels:
        return
    solver_marks = marks(study.cells["label"])
    ordered = list(widest(summary)["label"])
    labels = ordered[:SHOWN_SOLVERS]
    measured = _measured_on(study, solved)
    part = f" The first {len(labels)} of {len(ordered)} solvers; the table lists all." * (len(ordered) > len(labels))

    timed = _panels(study, answered[answered["time_s"] > 0])
    if timed:
        crowded = any(len(panel.means) > gap_against_time.NAMED for panel in timed)
        grey = " In a crowded panel only the solvers on the steps are told apart." * crowded
        caption = gap_against_time.CAPTION + grey + measured
        yield Figure(NAMES[0], gap_against_time.TITLE, caption, lambda: gap_against_time.draw(timed, solver_marks))
    yield Figure(
        NAMES[1],
        gap_per_family.TITLE,
        gap_per_family.CAPTION + part + measured,
        lambda: gap_per_family.draw(panels, labels, solved, solver_marks),
    )
    yield Figure(
        NAMES[2], cost_split.TITLE, cost_split.CAPTION + part + measured, lambda: cost_split.draw(panels, labels)
    )


def _panels(study: Study, answered: pd.DataFrame) -> list[Panel]:
    tried = study.cells[study.cells["outcome"] != "not-tried"].groupby("scope")["label"].unique()
    parts = [(family, answered[answered["scope"] == family]) for family in study.families]
    return [panel_of(family, rows, tried[family]) for family, rows in parts if len(rows)]


def _measured_on(study: Study, solved: pd.DataFrame) -> str:
    instances = counted(solved["instance_sha256"].nunique(), "instance")
    return f" {instances}, {counted(len(solved), 'solved cell')}. {measured(study)}"
