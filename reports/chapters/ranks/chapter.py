"""The chapter Ranks: who is ahead of whom, where solvers have enough instances in common."""

from __future__ import annotations

from reports.chapters.chapter import Chapter, Section
from reports.chapters.ranks import figure as average_ranks
from reports.chapters.ranks.measure import Ranking, rankings_of
from reports.chapters.ranks.table import METHOD, findings, pairs_table, ranks_table
from reports.drawing.figure import Figure
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study

FIGURE = "average-ranks"
TABLES = ("ranks", "rank-pairs")


def chapter(study: Study) -> Chapter:
    """The chapter; without a section where no two solvers have enough instances in common."""
    rankings = rankings_of(study)
    return Chapter(
        "ranks",
        _section(study, rankings) if rankings else None,
    )


def _section(study: Study, rankings: list[Ranking]) -> Section:
    return Section(
        "Ranks",
        METHOD,
        [findings(ranking) for ranking in rankings],
        Figure(
            FIGURE,
            average_ranks.TITLE,
            f"{average_ranks.CAPTION} {measured(study)}",
            lambda: average_ranks.draw(rankings, marks(study.cells["label"])),
        ),
        [ranks_table(ranking) for ranking in rankings],
        [pairs_table(ranking) for ranking in rankings],
    )
