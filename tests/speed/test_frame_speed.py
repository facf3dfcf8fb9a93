"""How long the optimal caches of a frame take, beside HiGHS and SCIP on the same frames.

``extra_info`` holds the median seconds of each and its ratio to ours. A few seeds and a short time limit, with which a
rival counts that it stops; :mod:`tests.speed.frames` as a script takes twenty and a longer one.
"""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.speed.frames import CASES, Case, run, runs

SOLVER = "branch-and-bound"
RIVALS = ["milp", "scip"] if find_spec("pyscipopt") else ["milp"]
SEEDS = range(3)
LIMIT_S = {10: 10.0, 20: 3.0}
"""By size: enough for the ratio that is asked for."""
LEAST_RATIO = {10: 50, 20: 5}
"""By size: how many times faster than HiGHS, by the medians."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_optimal_caches_of_a_frame(benchmark: BenchmarkFixture, case: Case) -> None:
    """Faster than HiGHS by the ratio asked for, and on no frame slower than the faster of both."""
    limit_s = LIMIT_S[case.size]
    benchmark(run, SOLVER, case.instance(SEEDS[0]), limit_s)
    found = runs(case, [SOLVER, *RIVALS], SEEDS, limit_s)
    seconds = {name: np.array([one.seconds for one in its]) for name, its in found.items()}
    ours = seconds[SOLVER]
    benchmark.extra_info[f"{SOLVER} s"] = float(np.median(ours))
    for name in RIVALS:
        benchmark.extra_info[f"{name} s"] = float(np.median(seconds[name]))
        benchmark.extra_info[f"{name} ratio"] = float(np.median(seconds[name]) / np.median(ours))
        for mine, its in zip(found[SOLVER], found[name], strict=True):
            assert mine.proved
            assert mine.cost <= its.cost * (1 + 1e-6)
            assert mine.cost == pytest.approx(its.cost, rel=1e-6) or not its.proved
    assert benchmark.extra_info["milp ratio"] > LEAST_RATIO[case.size]
    assert (ours <= np.min([seconds[name] for name in RIVALS], axis=0)).all()
