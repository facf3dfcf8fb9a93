"""Training learns, both timescales and every configuration."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from problems.episode import slots_of
from problems.families.named import family_scenario
from problems.scenario import Scenario
from solvers.allocation.equal import EqualAllocation
from solvers.allocation.exact import ExactAllocation
from solvers.base import Budget, Silent
from solvers.caching.online_optimal import OnlineOptimal
from solvers.slot.costs import slot_costs
from t2drl.checkpoints.checkpoint import read_checkpoint, write_checkpoint
from t2drl.settings import paper
from t2drl.training.loop import Training
from t2drl.training.state import agent_of
from t2drl.training.validation import Validation
from tests.cases import sampled
from tests.t2drl.trainings import played, tiny_settings


def test_it_learns_to_allocate_far_better_than_the_equal_split(learnt: Training) -> None:
    agent = agent_of(learnt)
    lost = {"learnt": 0.0, "equal": 0.0}
    for trace_seed in range(5):
        instance = sampled("small", 0, trace_seed)
        slots = slots_of(instance, OnlineOptimal().plan(instance, Budget(), Silent()).cache)
        best = slot_costs(slots, *ExactAllocation().allocate(slots)).sum()
        for name, allocation in (("learnt", agent.allocation()), ("equal", EqualAllocation())):
            lost[name] += slot_costs(slots, *allocation.allocate(slots)).sum() / best - 1.0
    assert lost["learnt"] < 0.3 * lost["equal"]


def test_it_learns_to_cache(learnt: Training, small: Scenario) -> None:
    assert Validation((small,), traces=4).gaps(agent_of(learnt)).both < 2.0


def test_the_papers_configuration_trains(tmp_path: Path) -> None:
    scenario = family_scenario("paper", 0)
    settings = paper(width=16, cache_width=16, envs=16, batch=32, training_slots=512, warmup=0.3)
    write_checkpoint(played((scenario,), settings, 160, seed=0), tmp_path / "paper")
    agent = read_checkpoint(tmp_path / "paper").agent
    instance = sampled("paper", 0, 0)
    assert agent.caching(scenario) is not None
    agent.allocation().allocate(slots_of(instance, np.zeros((instance.frames, len(instance.models)), dtype=bool)))


@pytest.mark.parametrize("change", [{"state_observed": False}, {"activity": 0.5}])
def test_hidden_states_and_idle_users(change: dict[str, object]) -> None:
    scenario = family_scenario("small", 0)
    scenario = scenario.model_copy(update={"demand": scenario.demand.model_copy(update=change)})
    agent = agent_of(played((scenario,), tiny_settings(), 100, seed=0))
    assert Validation((scenario,), traces=2).gaps(agent).both < 40.0
