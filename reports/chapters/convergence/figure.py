"""Figure: the excess over the optimum in the course of training, a row of panels a family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from reports.chapters.convergence.measure import Convergence, FamilyConvergence
from reports.drawing.canvas import legend_of, titled_canvas
from reports.drawing.scales import gap_scale, time_scale
from reports.drawing.style import INK, MUTED, Mark, short, styled

TITLE = "Excess over the optimum against training time"
CAPTION = (
    "Left the excess over the optimum in hindsight, right that of the allocations alone, on validation traces; 0 is "
    "the optimum. Lines are medians over agents and bands lie between their quartiles. Time is that of the training "
    "alone, on a logarithmic axis. Dashed: the mean excess of “online-optimal” over the best known cost of the judged "
    "instances, where it ran and is not the best. Gaps are linear near 0, then logarithmic."
)
_PARTS = {"excess": "caches and allocations", "allocation": "allocations alone"}
_ONLINE = (0, (4, 3))


def draw(found: Sequence[FamilyConvergence], learner_marks: dict[str, Mark]) -> Canvas:
    """The figure for at least one family."""
    with styled():
        canvas = titled_canvas(TITLE, 1.2 + 3.1 * len(found))
        rows = canvas.subplots(len(found), len(_PARTS), squeeze=False)
        for row, family in zip(rows, found, strict=True):
            for panel, part in zip(row, _PARTS, strict=True):
                _panel(panel, family, part, learner_marks)
        learners = sorted({learner.learner for family in found for learner in family.learners})
        handles = [Line2D([], [], markersize=4, **_look(learner_marks[learner])) for learner in learners]
        if any(family.online_excess > 0 for family in found):
            handles.append(Line2D([], [], color=MUTED, linestyle=_ONLINE, linewidth=1.2))
        names = [*learners, "online-optimal, judged"][: len(handles)]
        legend_of(canvas, rows.ravel().tolist(), handles, names)
    return canvas


def _panel(panel: Axes, family: FamilyConvergence, part: str, learner_marks: dict[str, Mark]) -> None:
    panel.set_title(f"{short(family.family)}: {_PARTS[part]}", loc="left", fontweight="bold")
    panel.axhline(0, color=INK, linewidth=0.8, zorder=1)
    ends: list[float] = []
    times: list[float] = []
    for learner in family.learners:
        ends += _line(panel, learner, part, learner_marks[learner.learner])
        times += learner.points["training_cpu_s"].tolist()
    if part == "excess" and family.online_excess > 0:
        panel.axhline(family.online_excess, color=MUTED, linestyle=_ONLINE, linewidth=1.2, zorder=1)
        ends.append(family.online_excess)
    gap_scale(panel, "y", ends)
    time_scale(panel, times)
    panel.set_xlabel("training, CPU s")
    panel.set_ylabel("excess, %")


def _line(panel: Axes, learner: Convergence, part: str, mark: Mark) -> list[float]:
    """Draw one learner; the values that its band and line have."""
    points = learner.points
    time, low, middle, high = (
        points[name].to_numpy() for name in ("training_cpu_s", f"{part}_low", part, f"{part}_high")
    )
    if len(learner.curves) > 1:
        panel.fill_between(time, low, high, color=mark.colour, alpha=0.18, linewidth=0, zorder=2)
    panel.plot(time, middle, linewidth=1.4, markersize=4, zorder=3, **_look(mark))
    return [*low.tolist(), *high.tolist()]


def _look(mark: Mark) -> dict[str, Any]:
    return {"marker": mark.marker, **mark.line, **mark.filled(True)}
