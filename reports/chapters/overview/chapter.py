"""The overview: what a report begins with, and the tables of references and failures that it ends with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.chapters.chapter import Sentence
from reports.chapters.overview import gap_and_time_plot, ladder_plot
from reports.chapters.overview.facts import facts
from reports.chapters.overview.figures import figures
from reports.chapters.overview.leaders import leads_of
from reports.chapters.overview.leaders_table import leaders_table
from reports.chapters.overview.story import story
from reports.chapters.overview.tables import (
    contradiction_table,
    failure_table,
    not_tried_table,
    reference_table,
    solver_tables,
)
from reports.drawing.figure import Figure
from reports.drawing.plot import Plot
from reports.study.study import Study
from reports.writing.table import Table


@dataclass(frozen=True)
class Overview:
    """What every report tells, whatever its study holds."""

    story: list[Sentence]
    leaders: Table
    """Its rows back the story."""
    facts: list[str]
    """What was run, in sentences."""
    solvers: list[Table]
    """One for every scope of the summary, the widest first."""
    figures: list[Figure]
    references: Table
    contradictions: Table
    failures: Table
    not_tried: Table
    plots: list[Plot]


def overview_of(study: Study, headlines: Sequence[Sentence]) -> Overview:
    """The overview of a study; the story ends with the headlines of its chapters."""
    leads = leads_of(study)
    return Overview(
        story=story(study, leads, headlines),
        leaders=leaders_table(leads),
        facts=facts(study),
        solvers=solver_tables(study),
        figures=figures(study),
        references=reference_table(study),
        contradictions=contradiction_table(study),
        failures=failure_table(study),
        not_tried=not_tried_table(study),
        plots=[ladder_plot.plot(study.summary), gap_and_time_plot.plot(study.summary)],
    )
