"""The interval of a mean over training seeds and traces; how often it holds: test_simulated_studies."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reports.statistics.two_way_bootstrap import estimate


def test_with_one_seed_it_is_the_interval_of_a_mean_over_traces() -> None:
    from scipy.stats import t

    traces = np.random.default_rng(0).normal(1.0, 2.0, 200)
    found = estimate([traces[None]])
    low, high = t.interval(0.95, 199, traces.mean(), traces.std(ddof=1) / math.sqrt(200))
    assert found.mean == pytest.approx(traces.mean())
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.05)


def test_luck_of_training_that_traces_do_not_show_widens_the_interval() -> None:
    random = np.random.default_rng(3)
    traces = random.normal(0, 1, (1, 30))
    lucky, unlucky = (spread * np.array([[-1.0], [0.0], [1.0]]) + traces for spread in (0.0, 1.0))
    narrow, wide = (estimate([block]) for block in (lucky, unlucky))
    assert narrow.mean == pytest.approx(wide.mean)
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_every_trace_counts_the_same() -> None:
    blocks = [np.full((2, 3), 1.0), np.full((4, 9), 5.0)]
    assert estimate(blocks).mean == pytest.approx(4.0)
    assert (estimate(blocks).low, estimate(blocks).high) == pytest.approx((4.0, 4.0))


def test_the_same_blocks_give_the_same_interval() -> None:
    blocks = [np.random.default_rng(seed).normal(size=(3, 7)) for seed in range(2)]
    assert estimate(blocks) == estimate([block.copy() for block in blocks])


def test_a_scenario_with_one_trace_has_no_interval() -> None:
    found = estimate([np.array([[1.0, 2.0]]), np.array([[3.0]])])
    assert found.mean == 2.0
    assert math.isnan(found.low)
    assert math.isnan(found.high)


@pytest.mark.parametrize("blocks", [[], [np.empty((0, 3))], [np.ones(3)]])
def test_nothing_to_average_is_refused(blocks: list[np.ndarray]) -> None:
    with pytest.raises(ValueError, match="blocks"):
        estimate(blocks)
