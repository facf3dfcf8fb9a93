"""The learner's environment is the judge's."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from problems.episode import slots_of
from problems.families.named import family_scenario
from problems.judge import judge
from t2drl.world.caches import feasible_caches
from t2drl.world.slots import SlotBatch, slot_costs
from t2drl.world.traces import training_traces
from tests.cases import as_instance, random_document, random_feasible


@pytest.mark.parametrize("seed", range(12))
def test_costs_are_the_judges(seed: int) -> None:
    instance = as_instance(random_document(seed, loading=False))
    solution = random_feasible(instance, seed)
    slots = slots_of(instance, solution.cache.astype(bool))
    shape = slots.request.shape
    bandwidth, steps = (torch.from_numpy(np.asarray(a).reshape(shape)) for a in (solution.bandwidth, solution.steps))
    total = float(slot_costs(SlotBatch.of(slots), bandwidth, steps).sum())
    assert total / instance.active_requests == pytest.approx(judge(instance, solution).cost, rel=1e-9)


def test_the_slots_of_traces_come_under_any_cache() -> None:
    scenario = family_scenario("small", 2)
    traces = training_traces(scenario, 0, 256)
    batch = SlotBatch.of_traces(traces, scenario.catalogue, scenario.system)
    cache = torch.from_numpy(feasible_caches(scenario)[-1:])
    row = (3 * scenario.frames + 5) * scenario.slots + 2
    slot = batch.under(torch.tensor([row]), cache)
    assert slot.request.numpy().tolist() == [traces.request[3, 5, 2].tolist()]
    assert slot.gain.numpy().tolist() == [traces.gain[3, 5, 2].tolist()]
    assert slot.cached.numpy().tolist() == [cache[0].numpy()[traces.request[3, 5, 2]].tolist()]
