"""What caches cost on the sampled frames of a state, against listed caches and the exact allocation."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from problems.caches import mask_to_cache
from solvers.base import Budget
from solvers.frame.sampled_frames import sampled_frames
from solvers.frame.stage_costs import listed_masks, stage_costs
from solvers.frame.state_sample import StateSample
from tests.solvers.support import drawn_scenario

SAMPLES = 3


@cache
def sample_and_costs(seed: int) -> tuple[StateSample, np.ndarray, np.ndarray, bool]:
    """A sample of one state, all feasible caches (F, M), their exact mean costs (F,); whether budgets are coupled."""
    scenario, state = drawn_scenario(seed), seed % 2
    frames = sampled_frames(scenario, np.full(SAMPLES, state), "state-sample", 0, state)
    masks = listed_masks(frames)[0]
    stages = stage_costs(frames, masks, Budget())
    assert stages is not None
    sample = StateSample(scenario, state, SAMPLES, 0)
    caches = mask_to_cache(masks, len(scenario.models))
    return sample, caches, stages.cost.mean(axis=0), scenario.system.couples_budgets


@pytest.mark.parametrize("seed", range(10))
def test_a_cost_is_the_mean_of_exact_costs(seed: int) -> None:
    sample, caches, costs, coupled = sample_and_costs(seed)
    assert [sample.cost(held) for held in caches] == pytest.approx(costs, rel=2e-3 if coupled else 1e-11)


@pytest.mark.parametrize("seed", range(10))
def test_the_bound_lies_below_every_cache_and_close_to_the_one_it_is_made_for(seed: int) -> None:
    sample, caches, costs, coupled = sample_and_costs(seed)
    for held, cost in zip(caches, costs, strict=True):
        constant, saving = sample.relaxed(held)
        assert (constant - caches @ saving <= costs + 1e-9 * np.abs(costs)).all()
        if not coupled:
            assert constant - held @ saving > 0.8 * cost


def test_equal_seeds_give_equal_samples_and_others_do_not() -> None:
    scenario, nothing = drawn_scenario(0), np.zeros(5, dtype=bool)
    first, again, other = (StateSample(scenario, 0, SAMPLES, seed).cost(nothing) for seed in (1, 1, 2))
    assert first == again != other
