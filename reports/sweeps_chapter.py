"""The chapter Sweeps: a figure, sentences and tables, where families of a study differ in one parameter alone."""

from __future__ import annotations

from reports import sweeps_figure
from reports.chain_lengths import chain_findings, chain_tables
from reports.chapter import Chapter
from reports.environment import measured
from reports.figure import Figure, finished
from reports.frame import Study
from reports.numbers import counted
from reports.style import marks
from reports.sweeps import Sweep, sweeps_of, total_instances
from reports.sweeps_findings import METHOD, findings
from reports.sweeps_table import points_table, sweep_table

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
