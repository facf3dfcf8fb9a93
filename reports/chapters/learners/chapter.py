"""The chapter Learners: figures, sentences and tables, where solvers of a study were trained."""

from __future__ import annotations

from reports.chapters.chapter import Chapter
from reports.chapters.learners import figure as excess_of_learners
from reports.chapters.learners.break_even import break_even_table
from reports.chapters.learners.measure import Contest, contests_of
from reports.chapters.learners.table import METHOD, findings, learners_table, pairs_table, unmeasured
from reports.drawing.figure import Figure, finished
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import counted

FIGURE = "excess-of-learners"
"""The stem of the figure's files."""
TABLES = ("learners", "break-even", "learner-pairs")
"""The stems of the tables' files."""


def chapter(study: Study) -> Chapter | None:
    """The chapter; None where no cell has made use of a trained agent."""
    contests = contests_of(study)
    if not contests:
        return None
    said, tables, pairs = [], [], []
    for contest in contests:
        if contest.contestants:
            ranked = learners_table(contest)
            pairs.append(pairs_table(contest))
            tables += [ranked, break_even_table(contest)]
            said += findings(ranked.data, pairs[-1].data)
        else:
            said.append(unmeasured(contest.family))
    figure = _figure(study, [contest for contest in contests if contest.contestants]) if tables else None
    return Chapter("learners", "Learners", METHOD, said, figure, tables, pairs)


def _figure(study: Study, contests: list[Contest]) -> Figure:
    instances = sum(contest.instances for contest in contests)
    caption = f"{excess_of_learners.CAPTION} {counted(instances, 'instance')}. {measured(study)}"
    return finished(
        FIGURE,
        excess_of_learners.TITLE,
        caption,
        lambda: excess_of_learners.draw(contests, marks(study.cells["label"])),
    )
