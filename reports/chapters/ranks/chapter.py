"""The chapter Ranks: who is ahead of whom, where solvers have enough instances in common."""

from __future__ import annotations

from reports.chapters.chapter import Chapter
from reports.chapters.ranks import figure as critical_differences
from reports.chapters.ranks.measure import rankings_of
from reports.chapters.ranks.table import METHOD, findings, pairs_table, ranks_table
from reports.drawing.figure import finished
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study

FIGURE = "average-ranks"
"""The stem of the figure's files."""
TABLES = ("ranks", "rank-pairs")
"""The stems of the tables' files."""


def chapter(study: Study) -> Chapter | None:
    """The chapter; None where no two solvers have enough instances in common."""
    rankings = rankings_of(study)
    if not rankings:
        return None
    caption = f"{critical_differences.CAPTION} {measured(study)}"
    figure = finished(
        FIGURE,
        critical_differences.TITLE,
        caption,
        lambda: critical_differences.draw(rankings, marks(study.cells["label"])),
    )
    said = [findings(ranking) for ranking in rankings]
    tables, pairs = ([make(ranking) for ranking in rankings] for make in (ranks_table, pairs_table))
    return Chapter("ranks", "Ranks", METHOD, said, figure, tables, pairs)
