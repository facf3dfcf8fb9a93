"""Cells written by hand, so that the right figures are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from reports.study.study import Study, study_of

Row = dict[str, Any]

_DEFAULTS: Row = {
    "matrix": "hand-made",
    "settings": "{}",
    "code_version": "0123456789ab",
    "family": "small",
    "scenario_seed": 0,
    "trace_seed": 0,
    "frames": 2,
    "slots": 2,
    "users": 2,
    "models": 3,
    "repetition": 0,
    "seed": 0,
    "time_limit_s": 20.0,
    "memory_limit_gb": 2.0,
    "cpu_limit_s": None,
    "tier": "hindsight",
    "exact": False,
    "status": "feasible",
    "exit_code": 0,
    "signal": None,
    "error": None,
    "stderr_tail": None,
    "violations": "[]",
    "events": "[]",
    "lower_bound": None,
    "proved": False,
    "solve_s": 0.5,
    "cpu_s": 0.5,
    "wall_s": 0.7,
    "micro_solve_s": 0.001,
    "stalled_s": 0.0,
    "waited_s": 0.0,
    "load_before": 0.5,
    "threads": '{"OMP_NUM_THREADS": "1"}',
    "primal_dual_integral": None,
    "agent_sha256": None,
    "training_cpu_s": None,
    "environment_steps": None,
    "updates": None,
    "training_whole": None,
    "training_traces": None,
    "training_spent_s": None,
    "learning_curves": None,
    "peak_memory_gb": 0.1,
    "started_at": "2026-01-01T00:00:00Z",
    "processor": "Example CPU",
    "cores": 2,
    "python": "3.11.9",
    "t2bench_version": "0.1.0",
    "libraries": '{"numpy": "2.1.0"}',
    "git_revision": "0123456789abcdef",
}
_METRICS = (
    *("utility", "mean_latency_s", "mean_tv", "hit_ratio", "edge_served_ratio", "late_ratio", "loaded_gb"),
    *("latency_cost", "quality_cost", "late_cost", "loading_cost", "active_requests"),
)


def cell(label: str, instance: str, cost: float | None = None, **columns: Any) -> Row:
    """A row of a store, with other values in these columns; a row without cost has no metrics."""
    metrics = dict.fromkeys(_METRICS)
    if cost is not None:
        metrics |= {
            "utility": -cost,
            "mean_latency_s": cost,
            "mean_tv": 30.0,
            "hit_ratio": 0.5,
            "edge_served_ratio": 0.5,
            "late_ratio": 0.0,
            "loaded_gb": 4.0,
            "active_requests": 8,
            "latency_cost": 0.6 * cost,
            "quality_cost": 0.4 * cost,
            "late_cost": 0.0,
            "loading_cost": 0.0,
        }
    row = {**_DEFAULTS, "solver": label, **metrics, "label": label, "instance": instance, "cost": cost}
    row |= {"instance_sha256": f"sha-of-{instance}", "command": f"t2bench solve {instance}.json --solver {label}"}
    row |= columns
    row["cell_id"] = f"{row['matrix']}-{label}-{row['instance_sha256']}-{row['repetition']}"
    return row


def study_from(rows: Sequence[Row]) -> Study:
    """The study of these rows."""
    return study_of(pd.DataFrame(rows))


def busy_cells() -> pd.DataFrame:
    """Three families, ten solvers, certified and open instances, failures of every kind; always the same."""
    random = np.random.default_rng(7)
    excess = {
        "none": 0.18,
        "random": 0.11,
        "greedy-popularity": 0.021,
        "greedy-benefit": 0.012,
        "lru": 0.05,
        "lfu": 0.03,
        "static": 0.008,
        "milp-relaxation": 0.002,
        "exhaustive+equal": 0.07,
        "exhaustive": 0.0,
    }
    online = {"random", "greedy-popularity", "lru", "lfu"}
    rows = []
    for family, optimum, pace in (("tiny", 3.0, 0.01), ("small", 4.0, 0.1), ("drift", 5.0, 2.0)):
        for seed in range(4):
            best = optimum * float(random.uniform(0.9, 1.1))
            for place, (label, above) in enumerate(excess.items()):
                cost = best * (1 + above * float(random.uniform(0.5, 1.5)))
                settled = family != "drift" or label != "exhaustive"
                bound = {"exhaustive": best, "milp-relaxation": 0.97 * best}.get(label)
                columns: Row = {
                    "family": family,
                    "scenario_seed": seed,
                    "exact": label == "exhaustive",
                    "lower_bound": bound,
                    "tier": "online-model-free" if label in online else "hindsight",
                    "solve_s": pace * (1 + place) * float(random.uniform(0.8, 1.2)),
                }
                if not settled:
                    columns |= {"status": "timeout", "solve_s": None, "lower_bound": None, "signal": 9}
                rows.append(cell(label, f"{family}-s{seed}-t0", cost if settled else None, **columns))
    rows[5] = cell(
        "lfu",
        "tiny-s0-t0",
        None,
        family="tiny",
        status="crash",
        exit_code=3,
        error="exit code 3",
        stderr_tail="a\nlast words",
    )
    return pd.DataFrame(rows)
