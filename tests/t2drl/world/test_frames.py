"""What the caching agent trains on is what it sees when it decides."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from problems.episode import frame_views
from problems.families.drawn import family_scenario
from problems.families.sampling import sample_instance
from solvers.frame.belief import believed_popularity
from t2drl.settings import fast
from t2drl.world.frames import FramePool, Sight, catalogue_scale, view_batch
from t2drl.world.traces import TRAINING_SEEDS, training_traces


@pytest.mark.parametrize("told", [False, True])
@pytest.mark.parametrize("observed", [False, True])
def test_training_traces_and_views_show_the_same(told: bool, observed: bool) -> None:
    scenario = family_scenario("drift", 1)
    demand = scenario.demand.model_copy(update={"state_observed": observed})
    scenario = scenario.model_copy(update={"demand": demand, "frames": 12})
    sight, scale = Sight.of(scenario, fast(told=told)), catalogue_scale((scenario,))
    pool = FramePool.of(training_traces(scenario, 0, 1), scenario, sight, scale)
    instance = sample_instance(scenario, TRAINING_SEEDS + 2)
    cache = np.random.default_rng(0).random((instance.frames, len(instance.models))) < 0.3
    before = torch.from_numpy(np.concatenate([np.zeros_like(cache[:1]), cache[:-1]]))
    tier = "online-model-based" if told else "online-model-free"
    for view in frame_views(instance, cache, tier):
        seen = view_batch(view, sight, scale)
        place = torch.tensor([2]), torch.tensor([view.frame]), before[view.frame][None]
        kept = pool.batch(*place)
        for name in ("common", "models", "fixed"):
            torch.testing.assert_close(getattr(seen, name), getattr(kept, name), rtol=1e-5, atol=1e-5)
        shapes = sight.shapes(len(instance.models))
        assert shapes.common.shape[1:] == seen.common.shape[1:]
        assert shapes.models.shape[1:] == seen.models.shape[1:]
        assert shapes.fixed.shape == seen.fixed.shape
        if told:
            shares = believed_popularity(view) * len(instance.models) - 1.0
            np.testing.assert_allclose(seen.models[0, :, 2].numpy(), shares, rtol=1e-5, atol=1e-5)


def test_who_is_told_the_demand_does_not_see_a_scenarios_own_states() -> None:
    scenario = family_scenario("drift", 0)
    assert Sight.of(scenario, fast()) == Sight(states=3, told=False)
    assert Sight.of(scenario, fast(told=True)) == Sight(states=0, told=True)
