"""Packed solutions keep every bit."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.store.solution_blob import pack_prices, pack_solution, unpack_cache, unpack_solution
from problems.io.errors import InputError
from problems.prices import Prices
from problems.solution import Solution
from tests.benchmarks.hostile import cloud
from tests.cases import sampled


def test_solutions_keep_every_bit() -> None:
    instance = sampled("paper")
    solution = cloud(instance, lower_bound=0.1 + 0.2, status="timeout")
    solution.bandwidth[0, 0, 0] = np.nextafter(solution.bandwidth[0, 0, 0], 1)
    for decided in (solution, Solution(solution.cache, solution.bandwidth * np.nan, solution.steps + 0.5)):
        again = unpack_solution(pack_solution(decided))
        for name in ("cache", "bandwidth", "steps"):
            assert np.array_equal(getattr(again, name), getattr(decided, name), equal_nan=name == "bandwidth")
        assert (again.lower_bound, again.status, again.objective) == (decided.lower_bound, decided.status, None)
        assert np.array_equal(unpack_cache(pack_solution(decided)), decided.cache)


NO_CACHE = pack_prices(Prices(*np.ones((3, 1, 1))))


@pytest.mark.parametrize("content", [b"", b"no archive", NO_CACHE], ids=["empty", "text", "prices"])
def test_a_cache_is_read_from_a_packed_solution_alone(content: bytes) -> None:
    with pytest.raises(InputError, match="not a whole NPZ file"):
        unpack_cache(content)
