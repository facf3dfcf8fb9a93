"""The chapter Convergence: learning curves, where agents of a study were measured while they were trained."""

from __future__ import annotations

from reports.chapters.chapter import Chapter
from reports.chapters.convergence import figure as convergence_figure
from reports.chapters.convergence.measure import Convergences, convergences_of
from reports.chapters.convergence.table import METHOD, convergence_table, findings, points_table
from reports.drawing.figure import Figure, finished
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import PERCENT, counted, fixed

FIGURE = "excess-against-training"
"""The stem of the figure's files."""
TABLES = ("convergence", "convergence-points")
"""The stems of the tables' files."""


def chapter(study: Study) -> Chapter | None:
    """The chapter; None where no agent has a learning curve."""
    found = convergences_of(study)
    if not found:
        return None
    return Chapter(
        "convergence",
        "Convergence",
        METHOD,
        [sentence for family in found for sentence in findings(family)],
        _figure(study, found),
        [convergence_table(family) for family in found],
        [points_table(family) for family in found],
    )


def _figure(study: Study, found: list[Convergences]) -> Figure:
    learners = [learner for family in found for learner in family.learners]
    share = max(learner.validation_share for learner in learners)
    agents = sum(len(learner.curves) for learner in learners)
    cost = f"Measuring took at most {fixed(100 * share, 1)}{PERCENT} of a learner's training time, beside it."
    caption = f"{convergence_figure.CAPTION} {counted(agents, 'agent')}. {cost} {measured(study)}"
    known = marks([*study.cells["label"], *(learner.learner for learner in learners)])
    return finished(FIGURE, convergence_figure.TITLE, caption, lambda: convergence_figure.draw(found, known))
