"""Expected costs of frames as sample averages."""

from __future__ import annotations

import numpy as np
import pytest

from problems.caches import mask_to_cache
from problems.episode import slots_of
from problems.families.named import family_scenario
from solvers.allocation.exact import ExactAllocation
from solvers.base import Unsuitable
from solvers.frame.expected_costs import check_sampling, expected_costs, sampled_costs
from solvers.frame.sampled_frames import sampled_frames
from solvers.slot.costs import slot_costs


def test_they_are_means_of_exact_allocations_on_common_frames() -> None:
    scenario = family_scenario("drift", 1)
    masks = np.array([0, 0b11, 0b1000100])
    costs = sampled_costs(scenario, masks, 3, "test", 7)
    for state in range(3):
        frames = sampled_frames(scenario, np.full(3, state), "test", 7, state)
        for f, held in enumerate(mask_to_cache(masks, 10)):
            slots = slots_of(frames, np.tile(held, (3, 1)))
            expected = slot_costs(slots, *ExactAllocation().allocate(slots)).reshape(3, 5).sum(axis=1)
            assert costs[state, :, f] == pytest.approx(expected, rel=1e-11)


def test_more_samples_bring_estimates_closer_to_each_other() -> None:
    scenario = family_scenario("small", 0)

    def spread(samples: int) -> float:
        tables = np.array([expected_costs(scenario, samples, seed).cost for seed in range(4)])
        return float((tables - tables[:, :, :1]).std(axis=0).mean())

    assert spread(64) < 0.5 * spread(4)


def test_they_are_averages_over_all_feasible_caches_in_order() -> None:
    scenario = family_scenario("tiny", 0)
    costs = expected_costs(scenario, 4, 5)
    caches = mask_to_cache(costs.masks, len(scenario.models))
    assert costs.masks.tolist() == sorted(set(costs.masks.tolist()))
    assert costs.masks[0] == 0
    assert (caches @ scenario.catalogue.size_gb <= scenario.system.cache_gb * (1 + 1e-9)).all()
    samples = sampled_costs(scenario, costs.masks, 4, "expected-costs", 5)
    assert costs.cost == pytest.approx(samples.mean(axis=1), rel=1e-12)


def test_refuses_catalogues_too_large_to_enumerate() -> None:
    with pytest.raises(Unsuitable, match="at most 20 models; the catalogue has 40"):
        expected_costs(family_scenario("metro", 0), 1, 0)


@pytest.mark.parametrize(("samples", "seed", "words"), [(0, 0, "samples: 0; must be >= 1"), (1, -1, "seed: -1; must")])
def test_refuses_what_no_sample_can_be_drawn_by(samples: int, seed: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_sampling(samples, seed)
