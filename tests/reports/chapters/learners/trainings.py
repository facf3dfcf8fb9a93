"""Solvers that learn, and solvers that do not, so many per cent above the best online policy."""

from __future__ import annotations

from typing import Any

import numpy as np

from reports.chapters.learners.measure import Contestant, contests_of
from tests.reports.cells import Row, cell, study_from

TRACES = range(20, 26)


def agent(scenario: int, seed: int) -> Row:
    """What a row says of its agent."""
    cost = {"training_cpu_s": 10.0 + seed, "environment_steps": 128_000, "updates": 1_500, "training_spent_s": 0.1}
    return {"agent_sha256": f"{scenario}{seed}", "training_whole": True, **cost}


def cells(label: str, excess: Any, seeds: int = 1, taught: bool = False, **columns: Any) -> list[Row]:
    """A solver on two scenarios of ``small``; ``excess`` in per cent of scenario, seed and trace; costs about 2."""
    return [
        cell(
            label,
            f"small-s{scenario}-t{trace}",
            (2 + scenario + trace / 100) * (1 + excess(scenario, seed, trace) / 100),
            **{"scenario_seed": scenario, "trace_seed": trace, "seed": seed, "repetition": seed}
            | (agent(scenario, seed) if taught else {})
            | columns,
        )
        for scenario in range(2)
        for seed in range(seeds)
        for trace in TRACES
    ]


def exactly(value: float) -> Any:
    """The same on every instance."""
    return lambda *_: value


def around(value: float, of_seeds: float, rest: float, salt: int) -> Any:
    """About ``value``: luck of the seed, and luck of each cell."""

    def excess(scenario: int, seed: int, trace: int) -> float:
        luck = np.random.default_rng([salt, scenario, seed]).normal(0, of_seeds)
        return float(value + luck + np.random.default_rng([salt, scenario, seed, trace]).normal(0, rest))

    return excess


def learners_and_others() -> list[Row]:
    """Two learners that are about the same, and three solvers that do not learn."""
    rows = cells("online-optimal", exactly(0.0)) + cells("exhaustive", exactly(-0.5))
    rows += cells("t2drl", around(0.5, 0.1, 0.1, 1), seeds=3, taught=True)
    rows += cells("ddqn", around(0.5, 0.1, 0.1, 2), seeds=3, taught=True)
    return rows + cells("static+genetic", around(4.0, 0.0, 0.5, 3))


def by_label(rows: list[Row]) -> dict[str, Contestant]:
    """The contestants of the only family."""
    (contest,) = contests_of(study_from(rows))
    return {contestant.label: contestant for contestant in contest.contestants}
