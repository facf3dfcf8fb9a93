"""The learner's environment is the judge's."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from problems.episode import slots_of
from problems.families.drawn import FAMILIES, family_scenario
from problems.judge import judge
from t2drl.world.caches import feasible_caches
from t2drl.world.slots import SlotBatch, slot_costs
from t2drl.world.traces import TRAINING_SEEDS, scenario_of, trace_digest, training_traces
from tests.cases import as_instance, random_document, random_feasible, sampled


@pytest.mark.parametrize("seed", range(12))
def test_costs_are_the_judges(seed: int) -> None:
    instance = as_instance(random_document(seed, loading=False))
    solution = random_feasible(instance, seed)
    slots = slots_of(instance, solution.cache.astype(bool))
    shape = slots.request.shape
    bandwidth, steps = (torch.from_numpy(np.asarray(a).reshape(shape)) for a in (solution.bandwidth, solution.steps))
    total = float(slot_costs(SlotBatch.of(slots), bandwidth, steps).sum())
    assert total / instance.active_requests == pytest.approx(judge(instance, solution).cost, rel=1e-9)


def test_a_pool_gives_the_slots_of_its_traces_under_any_cache() -> None:
    scenario = family_scenario("small", 2)
    traces = training_traces(scenario, 0, 256)
    pool = SlotBatch.pool(traces, scenario.catalogue, scenario.system)
    cache = torch.from_numpy(feasible_caches(scenario)[-1:])
    row = (3 * scenario.frames + 5) * scenario.slots + 2
    slot = pool.under(torch.tensor([row]), cache)
    assert slot.request.numpy().tolist() == [traces.request[3, 5, 2].tolist()]
    assert slot.gain.numpy().tolist() == [traces.gain[3, 5, 2].tolist()]
    assert slot.cached.numpy().tolist() == [cache[0].numpy()[traces.request[3, 5, 2]].tolist()]


def test_training_traces_are_nobody_elses() -> None:
    scenario = family_scenario("small", 0)
    first, again, other = (training_traces(scenario, seed, 2_000) for seed in (0, 0, 1))
    assert first.digests == again.digests
    assert first.digests.isdisjoint(other.digests)
    assert len(first.digests) == len(first.state)
    assert first.digests.isdisjoint({trace_digest(sampled("small", 0, t).trace) for t in range(20)})
    assert trace_digest(sampled("small", 0, TRAINING_SEEDS).trace) in first.digests


@pytest.mark.parametrize("family", FAMILIES)
def test_a_scenario_can_be_told_from_an_instance(family: str) -> None:
    assert scenario_of(sampled(family)) == family_scenario(family, 0)
