"""What the caching agent trains on is what it observes when it decides."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from problems.episode import frame_views
from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.seeds import TRAINING_SEEDS
from solvers.frame.belief import believed_popularity
from t2drl.settings import fast
from t2drl.world.frame_observation import ObservationSpec, TrainingFrames, catalogue_scale, view_observation
from t2drl.world.traces import training_traces


@pytest.mark.parametrize("demand", [False, True])
@pytest.mark.parametrize("observed", [False, True])
def test_training_traces_and_views_show_the_same(demand: bool, observed: bool) -> None:
    scenario = family_scenario("drift", 1)
    process = scenario.demand.model_copy(update={"state_observed": observed})
    scenario = scenario.model_copy(update={"demand": process, "frames": 12})
    spec, scale = ObservationSpec.of(scenario, fast(observes_demand=demand)), catalogue_scale((scenario,))
    frames = TrainingFrames.of(training_traces(scenario, 0, 1), scenario, spec, scale)
    instance = sample_instance(scenario, TRAINING_SEEDS + 2)
    cache = np.random.default_rng(0).random((instance.frames, len(instance.models))) < 0.3
    before = torch.from_numpy(np.concatenate([np.zeros_like(cache[:1]), cache[:-1]]))
    tier = "online-model-based" if demand else "online-model-free"
    for view in frame_views(instance, cache, tier):
        shown = view_observation(view, spec, scale)
        kept = frames.observation(torch.tensor([2]), torch.tensor([view.frame]), before[view.frame][None])
        for name in ("common", "models", "catalogue"):
            torch.testing.assert_close(getattr(shown, name), getattr(kept, name), rtol=1e-5, atol=1e-5)
        shapes = spec.empty(len(instance.models))
        assert shapes.common.shape[1:] == shown.common.shape[1:]
        assert shapes.models.shape[1:] == shown.models.shape[1:]
        assert shapes.catalogue.shape == shown.catalogue.shape
        if demand:
            shares = believed_popularity(view) * len(instance.models) - 1.0
            np.testing.assert_allclose(shown.models[0, :, 2].numpy(), shares, rtol=1e-5, atol=1e-5)


def test_who_observes_the_demand_does_not_observe_a_scenarios_own_states() -> None:
    scenario = family_scenario("drift", 0)
    assert ObservationSpec.of(scenario, fast()) == ObservationSpec(states=3, demand=False)
    assert ObservationSpec.of(scenario, fast(observes_demand=True)) == ObservationSpec(states=0, demand=True)
