"""The traces to train on, and the scenario of an instance."""

from __future__ import annotations

import pytest

from problems.families.drawn import FAMILIES
from problems.families.named import family_scenario
from problems.seeds import TRAINING_SEEDS
from t2drl.world.traces import scenario_of, trace_digest, training_traces
from tests.cases import sampled


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
