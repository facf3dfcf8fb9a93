"""The chapter Sweeps: a figure, sentences and tables, where families of a study differ in one parameter alone."""

from __future__ import annotations

from reports.chapters.chapter import Chapter
from reports.chapters.sweeps import figure as sweeps_figure
from reports.chapters.sweeps.chains import chain_findings, chain_tables
from reports.chapters.sweeps.findings import METHOD, findings
from reports.chapters.sweeps.measure import Sweep, sweeps_of, total_instances
from reports.chapters.sweeps.table import points_table, sweep_table
from reports.drawing.figure import Figure, finished
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import counted

FIGURE = "sweeps"
"""The stem of the figure's files."""
TABLES = ("sweeps", "sweep-points", "chain-length")
"""The stems of the tables' files."""


def chapter(study: Study) -> Chapter | None:
    """The chapter; None without a sweep of enough points, and without chains of several lengths."""
    sweeps, chains = sweeps_of(study), chain_tables(study)
    if not sweeps and not chains:
        return None
    return Chapter(
        "sweeps",
        "Sweeps",
        METHOD,
        [*findings(sweeps), *chain_findings(chains)],
        _figure(study, sweeps) if sweeps else None,
        [*map(sweep_table, sweeps), *chains],
        [points_table(sweeps)] if sweeps else [],
    )


def _figure(study: Study, sweeps: list[Sweep]) -> Figure:
    caption = f"{sweeps_figure.CAPTION} {counted(total_instances(sweeps), 'instance')}. {measured(study)}"
    return finished(
        FIGURE, sweeps_figure.TITLE, caption, lambda: sweeps_figure.draw(sweeps, marks(study.cells["label"]))
    )
