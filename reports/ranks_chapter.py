"""The chapter Ranks: who is ahead of whom, where solvers have enough instances in common."""

from __future__ import annotations

from reports import critical_differences
from reports.chapter import Chapter
from reports.environment import measured
from reports.figure import finished
from reports.frame import Study
from reports.ranks import rankings_of
from reports.ranks_table import METHOD, findings, pairs_table, ranks_table
from reports.style import marks

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
