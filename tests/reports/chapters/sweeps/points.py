"""Families along an axis, with solvers so many per cent above the optimum."""

from __future__ import annotations

import json
from typing import Any

from reports.chapters.sweeps.measure import Sweep, sweeps_of
from tests.reports.cells import Row, cell, study_from

OPTIMUM = "branch-and-bound"
EXCESS = {"t2drl": 1.0, "ddqn+ddpg": 1.5, "static+genetic": 2.0, "random+equal": 10.0}
"""Per cent over the optimum."""
CACHES = ("paper-cache-x0.5", "paper", "paper-cache-x2")


def point(family: str, level: float = 4.0, traces: int = 3, **excess: float) -> list[Row]:
    """Cells of one family: the certified optimum of every trace and solvers so many per cent above it."""
    rows = []
    for trace in range(traces):
        best, name = level * (1 + 0.1 * trace), f"{family}-s0-t{trace}"
        columns: dict[str, Any] = {"family": family, "scenario_seed": 0, "trace_seed": trace}
        proof = {"exact": True, "status": "optimal", "lower_bound": best}
        rows.append(cell(OPTIMUM, name, best, **proof, **columns))
        for label, above in (EXCESS | excess).items():
            jitter = 0.02 * trace * (1 + len(label) / 10)
            rows.append(cell(label, name, best * (1 + (above + jitter) / 100), **columns))
    return rows


def sweep(families: tuple[str, ...]) -> list[Row]:
    return [row for family in families for row in point(family)]


def bare(families: tuple[str, ...]) -> list[Row]:
    """One cell of each."""
    return [cell("a", f"{family}-s0-t0", 4.0, family=family, scenario_seed=0) for family in families]


def chains(excess: dict[int, float]) -> list[Row]:
    """Learners on ``paper`` that differ in the length of their chain."""
    rows = point("paper")
    for length, above in excess.items():
        for row in [row for row in rows if row["label"] == "t2drl"]:
            columns = {name: row[name] for name in ("family", "scenario_seed", "trace_seed")}
            columns |= {"solver": "t2drl", "settings": json.dumps({"train_steps": 10, "chain": length})}
            columns |= {"agent_sha256": f"agent-{length}", "training_cpu_s": 10.0 * length}
            cost = row["cost"] * (1 + above / 100)
            rows.append(cell(f"chain {length}", row["instance"], cost, **columns))
    return rows


def only(rows: list[Row]) -> Sweep:
    (sweep,) = sweeps_of(study_from(rows))
    return sweep
