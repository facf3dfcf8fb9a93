"""The chapter on demand: what changes when curves are measured and demand is real, where a study holds both kinds."""

from __future__ import annotations

from reports.chapters.chapter import Chapter, Section
from reports.chapters.demand import figure as places_by_demand
from reports.chapters.demand.assumptions import assumptions_table
from reports.chapters.demand.findings import findings, method
from reports.chapters.demand.measure import Comparison, comparison_of
from reports.chapters.demand.table import pairs_table, rankings_table, standings_table
from reports.drawing.figure import Figure
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import counted

FIGURE = "places-by-demand"
TABLES = ("demand", "demand-rankings", "demand-pairs", "demand-assumptions")


def chapter(study: Study) -> Chapter:
    """The chapter; without a section where no two solvers answered everything on a drawn family and on a fitted one."""
    comparison = comparison_of(study)
    return Chapter(
        "demand",
        _section(study, comparison) if comparison else None,
    )


def _section(study: Study, comparison: Comparison) -> Section:
    instances = counted(sum(comparison.instances), "instance")
    return Section(
        "Measured curves and real demand",
        method(comparison),
        findings(comparison),
        Figure(
            FIGURE,
            places_by_demand.TITLE,
            f"{places_by_demand.CAPTION} {instances}. {measured(study)}",
            lambda: places_by_demand.draw(comparison, marks(study.cells["label"])),
        ),
        [
            *(standings_table(comparison), rankings_table(comparison), pairs_table(comparison)),
            assumptions_table(comparison.fitted),
        ],
    )
