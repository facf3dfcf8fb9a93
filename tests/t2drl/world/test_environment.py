"""The environment: rewards add up to the judge's cost, and play is on training traces."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from problems.episode import slots_of
from problems.equal_split import equal_split
from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.judge import judge
from problems.solution import Solution
from t2drl.world.device import CPU
from t2drl.world.environment import Environment, make_environments
from t2drl.world.rng import Rng
from t2drl.world.slots import SlotBatch
from t2drl.world.traces import first_seed
from tests.t2drl.trainings import TINIEST, tiny_settings


def made(family: str, seed: int = 4) -> Environment:
    settings = tiny_settings(**TINIEST)
    (environment,), _ = make_environments((family_scenario(family, 0),), settings, seed, torch.Generator())
    return environment


@pytest.mark.parametrize("family", ["drift", "deadline"])
def test_savings_and_loading_add_up_to_the_judges_cost(family: str) -> None:
    environment, number = made(family), 2
    scenario, episodes = environment.scenario, environment.episodes
    instance = sample_instance(scenario, first_seed(4) + number)
    episodes.trace = torch.full_like(episodes.trace, number)
    chosen = np.random.default_rng(0).integers(len(environment.caches), size=scenario.frames)
    cost, bandwidth, steps = 0.0, [], []
    for t, action in enumerate(chosen):
        before, episodes.frame = episodes.cache, t
        episodes.cache = environment.caches[torch.full_like(episodes.trace, int(action))]
        cost += float(environment.loading_cost(before)[0]) / scenario.frames
        for row in environment.rows():
            batch, _ = environment.slots.under(row[:1], episodes.cache[:1])
            request = torch.where(batch.active, batch.request, -1).numpy()
            split = equal_split(request, batch.cached.numpy(), scenario.catalogue, scenario.system.step_budget)
            saved = environment.slots.savings(row[:1], batch, *map(torch.from_numpy, split))
            cost += float((environment.slots.baseline[row[:1]] - saved).sum()) / instance.active_requests
            bandwidth.append(split[0])
            steps.append(split[1])
    shape = instance.trace.request.shape
    solution = Solution(
        environment.caches.numpy()[chosen],
        np.concatenate(bandwidth).reshape(shape),
        np.concatenate(steps).reshape(shape),
    )
    assert cost == pytest.approx(judge(instance, solution).cost, rel=1e-9)


def test_a_row_is_a_slot_of_its_trace() -> None:
    environment = made("small")
    episodes, traces = environment.episodes, environment.traces
    environment.begin(Rng(torch.Generator().manual_seed(1), CPU))
    episodes.frame = 3
    for k, rows in enumerate(environment.rows()):
        shown = environment.slots.under(rows, episodes.cache)[0].request.numpy()
        np.testing.assert_array_equal(shown, traces.request[episodes.trace.numpy(), 3, k])
    counted = [np.bincount(traces.request[p, 3].ravel(), minlength=6) for p in episodes.trace.tolist()]
    np.testing.assert_array_equal(environment.requests().numpy(), counted)


def test_a_trace_begins_with_an_empty_cache_that_is_observed() -> None:
    environment = made("small")
    environment.episodes.cache = torch.ones_like(environment.episodes.cache)
    assert environment.observation().models[..., 0].all()
    environment.begin(Rng(torch.Generator().manual_seed(1), CPU))
    assert not environment.episodes.cache.any()
    assert not environment.observation().models[..., 0].any()
    assert 0 <= int(environment.episodes.trace.min()) <= int(environment.episodes.trace.max()) < 4


def test_the_baseline_is_everybody_in_the_cloud_with_equal_shares() -> None:
    environment = made("small")
    instance = sample_instance(environment.scenario, first_seed(4))
    nothing = np.zeros((instance.frames, len(instance.models)), dtype=bool)
    batch = SlotBatch.of(slots_of(instance, nothing))
    split = equal_split(batch.request.numpy(), batch.cached.numpy(), environment.scenario.catalogue, 0)
    rows = torch.arange(len(batch))
    saved = environment.slots.savings(rows, batch, *map(torch.from_numpy, split))
    torch.testing.assert_close(saved, torch.zeros_like(saved), atol=1e-12, rtol=0)
