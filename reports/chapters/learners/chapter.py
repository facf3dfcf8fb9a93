"""The chapter Learners: what they lose and when they pay off, where solvers of a study were trained."""

from __future__ import annotations

from reports.chapters.chapter import Chapter, Section
from reports.chapters.learners import figure as excess_of_learners
from reports.chapters.learners.break_even import break_even_table
from reports.chapters.learners.findings import METHOD, findings, headline, unmeasured
from reports.chapters.learners.measure import Contest, contests_of
from reports.chapters.learners.plot import plots
from reports.chapters.learners.table import learners_table, pairs_table
from reports.drawing.figure import Figure
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import counted

FIGURE = "excess-of-learners"
TABLES = ("learners", "break-even", "learner-pairs")


def chapter(study: Study) -> Chapter:
    """The chapter; without a section where no cell has made use of a trained agent."""
    contests = contests_of(study)
    return Chapter(
        "learners",
        _section(study, contests) if contests else None,
        plots(contests, set(study.cells["label"])),
        headline(contests),
    )


def _section(study: Study, contests: list[Contest]) -> Section:
    sentences, tables, pairs = [], [], []
    for contest in contests:
        if contest.contestants:
            ranked = learners_table(contest)
            pairs.append(pairs_table(contest))
            tables += [ranked, break_even_table(contest)]
            sentences += findings(ranked.data, pairs[-1].data)
        else:
            sentences.append(unmeasured(contest.family))
    figure = _figure(study, [contest for contest in contests if contest.contestants]) if tables else None
    return Section("Learners", METHOD, sentences, figure, tables, pairs)


def _figure(study: Study, contests: list[Contest]) -> Figure:
    instances = counted(sum(contest.instances for contest in contests), "instance")
    return Figure(
        FIGURE,
        excess_of_learners.TITLE,
        f"{excess_of_learners.CAPTION} {instances}. {measured(study)}",
        lambda: excess_of_learners.draw(contests, marks(study.cells["label"])),
    )
