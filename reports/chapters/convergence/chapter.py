"""The chapter Convergence: learning curves, where agents of a study were measured while they were trained."""

from __future__ import annotations

from reports.chapters.chapter import Chapter, Section
from reports.chapters.convergence import figure as excess_against_training
from reports.chapters.convergence.measure import FamilyConvergence, convergences_of
from reports.chapters.convergence.plot import plots
from reports.chapters.convergence.table import METHOD, convergence_table, findings, points_table
from reports.drawing.figure import Figure
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import PERCENT, counted, fixed

FIGURE = "excess-against-training"
TABLES = ("convergence", "convergence-points")


def chapter(study: Study) -> Chapter:
    """The chapter; without a section where no agent has a learning curve."""
    families = convergences_of(study)
    return Chapter(
        "convergence",
        _section(study, families) if families else None,
        plots(study, families),
    )


def _section(study: Study, families: list[FamilyConvergence]) -> Section:
    return Section(
        "Convergence",
        METHOD,
        [sentence for family in families for sentence in findings(family)],
        _figure(study, families),
        [convergence_table(family) for family in families],
        [points_table(family) for family in families],
    )


def _figure(study: Study, families: list[FamilyConvergence]) -> Figure:
    learners = [learner for family in families for learner in family.learners]
    share = max(learner.validation_share for learner in learners)
    agents = sum(len(learner.curves) for learner in learners)
    cost = f"Measuring took at most {fixed(100 * share, 1)}{PERCENT} of a learner's training time, beside it."
    known = marks([*study.cells["label"], *(learner.learner for learner in learners)])
    return Figure(
        FIGURE,
        excess_against_training.TITLE,
        f"{excess_against_training.CAPTION} {counted(agents, 'agent')}. {cost} {measured(study)}",
        lambda: excess_against_training.draw(families, known),
    )
