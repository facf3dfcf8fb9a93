"""The chapter Sweeps: what one parameter changes, where families of a study differ in one alone."""

from __future__ import annotations

from reports.chapters.chapter import Chapter, Section
from reports.chapters.sweeps import figure as sweep_lines
from reports.chapters.sweeps.chains import chain_findings, chain_tables
from reports.chapters.sweeps.findings import METHOD, findings
from reports.chapters.sweeps.measure import Sweep, sweeps_of, total_instances
from reports.chapters.sweeps.table import points_table, sweep_table
from reports.drawing.figure import Figure
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import counted
from reports.writing.table import Table

FIGURE = "sweeps"
TABLES = ("sweeps", "sweep-points", "chain-length")


def chapter(study: Study) -> Chapter:
    """The chapter; without a section where there is no sweep of enough points, and no chains of several lengths."""
    sweeps, chains = sweeps_of(study), chain_tables(study)
    return Chapter(
        "sweeps",
        _section(study, sweeps, chains) if sweeps or chains else None,
    )


def _section(study: Study, sweeps: list[Sweep], chains: list[Table]) -> Section:
    return Section(
        "Sweeps",
        METHOD,
        [*findings(sweeps), *chain_findings(chains)],
        _figure(study, sweeps) if sweeps else None,
        [*map(sweep_table, sweeps), *chains],
        [points_table(sweeps)] if sweeps else [],
    )


def _figure(study: Study, sweeps: list[Sweep]) -> Figure:
    return Figure(
        FIGURE,
        sweep_lines.TITLE,
        f"{sweep_lines.CAPTION} {counted(total_instances(sweeps), 'instance')}. {measured(study)}",
        lambda: sweep_lines.draw(sweeps, marks(study.cells["label"])),
    )
