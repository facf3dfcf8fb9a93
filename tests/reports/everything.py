"""Cells of which every chapter has something to tell."""

from __future__ import annotations

from collections.abc import Sequence

from problems.families.sizes import Sizes
from tests.reports.cells import Row, cell
from tests.reports.chapters.convergence.trainings import sharing_agents
from tests.reports.chapters.demand.gains import turning
from tests.reports.chapters.growth.sizes import along
from tests.reports.chapters.learners.trainings import learners_and_others
from tests.reports.chapters.sweeps.points import CACHES, chains, sweep

FIGURES = {
    *("gap-against-time", "gap-per-family", "cost-split", "average-ranks", "performance-profiles"),
    *("answers-against-time", "time-against-size", "excess-of-learners", "excess-against-training"),
    *("places-by-demand", "sweeps"),
}
"""The stems of all files of figures."""
TABLES = {
    *("solvers", "leaders", "references", "contradictions", "failures", "not-tried"),
    *("ranks", "rank-pairs", "profiles", "anytime", "growth", "learners", "break-even", "learner-pairs"),
    *("convergence", "convergence-points", "demand", "demand-rankings", "demand-pairs", "demand-assumptions"),
    *("sweeps", "sweep-points", "chain-length"),
}
"""The stems of all files of tables but ``cells.csv``."""
ANCHORS = ("ranks", "profiles", "anytime", "growth", "learners", "convergence", "demand", "sweeps")
"""Of the chapters with a section, in their order."""


def everything() -> list[Row]:
    """The cells; always the same."""
    rows = [*learners_and_others(), *sharing_agents(), *turning(), *sweep(CACHES)]
    rows += [row for row in chains({1: 0.3, 2: 0.2, 5: 0.1}) if row["label"].startswith("chain")]
    rows += along("grown", "models", {size: [0.01 * size] for size in (5, 10, 20)}, events='[[0.01, "cost", 2.0]]')
    rows.append(cell("lfu", "small-s0-t20", None, status="crash", error="exit code 3", stderr_tail="a\nlast words"))
    return [*rows, *_everywhere("none", rows), *_everywhere("random", rows)]


def _everywhere(label: str, rows: Sequence[Row]) -> list[Row]:
    """A cell of the solver on every instance on which it has none."""
    first = {row["instance"]: row for row in reversed(rows)}
    tried = {row["instance"] for row in rows if row["label"] == label}
    of_instance = ("family", "scenario_seed", "trace_seed", *Sizes._fields)
    return [
        cell(label, name, 1.5 * row["cost"], **{column: row[column] for column in of_instance})
        for name, row in first.items()
        if name not in tried
    ]
