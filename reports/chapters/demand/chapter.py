"""The chapter on demand: what changes when curves are measured and demand is real, where a study holds both kinds."""

from __future__ import annotations

from reports.chapters.chapter import Chapter
from reports.chapters.demand import figure as demand_figure
from reports.chapters.demand.assumptions import assumptions_table
from reports.chapters.demand.findings import findings, method
from reports.chapters.demand.measure import comparison_of
from reports.chapters.demand.table import pairs_table, rankings_table, standings_table
from reports.drawing.figure import finished
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import counted

FIGURE = "places-by-demand"
"""The stem of the figure's files."""
TABLES = ("demand", "demand-rankings", "demand-pairs", "demand-assumptions")
"""The stems of the tables' files."""


def chapter(study: Study) -> Chapter | None:
    """The chapter; None where no two solvers answered everything on a drawn family and on a fitted one."""
    comparison = comparison_of(study)
    if comparison is None:
        return None
    caption = f"{demand_figure.CAPTION} {counted(sum(comparison.instances), 'instance')}. {measured(study)}"
    figure = finished(
        FIGURE, demand_figure.TITLE, caption, lambda: demand_figure.draw(comparison, marks(study.cells["label"]))
    )
    tables = [make(comparison) for make in (standings_table, rankings_table, pairs_table)]
    tables.append(assumptions_table(comparison.fitted))
    title = "Measured curves and real demand"
    return Chapter("demand", title, method(comparison), findings(comparison), figure, tables)
