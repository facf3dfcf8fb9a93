"""One agent for the scenarios of a family, and for other sizes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from problems.episode import slots_of
from problems.families.named import family_scenario
from problems.instance import from_document
from problems.judge import judge
from problems.seeds import TRAINING_SEEDS
from solvers.base import Budget, Silent, Unsuitable
from solvers.registry import make_solver
from t2drl.agent import Agent
from t2drl.checkpoints.checkpoint import write_checkpoint
from t2drl.settings import Settings, paper
from t2drl.strategies.source import GeneralSource
from t2drl.training.loop import Training
from t2drl.training.state import agent_of
from t2drl.training.validation import Validation
from t2drl.world.scenarios import training_scenarios, validation_scenarios
from tests.cases import edited, sampled
from tests.solvers.support import Remembering
from tests.t2drl.trainings import interrupted, played, tiny_settings


@pytest.fixture(scope="module")
def before_and_after() -> tuple[Agent, Agent]:
    """An agent that has learnt nothing, and what a few seconds on eight scenarios make of it."""
    settings = tiny_settings(observes_demand=True, envs=64, batch=128, width=32, cache_width=32, training_slots=8_192)
    training = Training(training_scenarios("small", 8), settings, 900, seed=0)
    untrained = agent_of(training)
    while not training.done:
        training.play_frame()
    return untrained, agent_of(training)


@pytest.fixture(scope="module")
def general(before_and_after: tuple[Agent, Agent]) -> Agent:
    return before_and_after[1]


def test_it_learns_for_scenarios_that_it_never_saw(before_and_after: tuple[Agent, Agent]) -> None:
    unseen = Validation(validation_scenarios("small", 3), traces=2)
    untrained, trained = (unseen.gaps(agent) for agent in before_and_after)
    assert trained.both < 0.6 * untrained.both
    assert trained.allocation < 0.4 * untrained.allocation


def test_numbers_of_users_and_models_are_free(general: Agent) -> None:
    scenario = family_scenario("small-m9-n7-k2-t3", 0)
    assert Validation((scenario,), traces=1).gaps(general).both < 10.0


def test_a_resumed_training_on_many_scenarios_equals_an_uninterrupted_one(tmp_path: Path) -> None:
    scenarios, settings = training_scenarios("tiny", 3), tiny_settings(observes_demand=True, warmup=0.4)
    whole = played(scenarios, settings, 160, seed=3)
    resumed = interrupted(Training(scenarios, settings, 160, seed=3), (50, 110), tmp_path)
    assert write_checkpoint(whole, tmp_path / "a") == write_checkpoint(resumed, tmp_path / "b")


def test_flat_networks_belong_to_one_scenario() -> None:
    with pytest.raises(ValueError, match="one scenario"):
        Training(training_scenarios("tiny", 2), paper(), 10, seed=0)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainings of no time."""

    def settings(source: GeneralSource) -> Settings:
        return tiny_settings(observes_demand=True)

    monkeypatch.setattr(GeneralSource, "settings", settings)


SETTINGS = {"train_steps": 100, "spread": 2}


def test_the_solver_trains_once_for_a_family_and_tells_what_that_has_cost(tiny: None, cache_folder: Path) -> None:
    solver = make_solver("generalist", SETTINGS)
    assert solver.capabilities.tier == "online-model-based"
    reports = [Remembering() for _ in range(2)]
    for scenario_seed, report in enumerate(reports):
        instance = sampled("tiny", scenario_seed)
        assert judge(instance, solver.solve(instance, Budget(), report)).feasible
    first, second = (report.records[0] for report in reports)
    assert [len(report.records) for report in reports] == [1, 1]
    assert first.agent == second.agent
    assert first.training_cpu_s == second.training_cpu_s > 0
    assert first.environment_steps > 0
    assert first.updates > 0
    assert first.spent_s > second.spent_s >= 0
    assert len(list(cache_folder.rglob("*.safetensors"))) == 1


def test_it_refuses_what_it_was_trained_on_and_what_is_of_no_family(tiny: None) -> None:
    solver = make_solver("generalist", SETTINGS)
    with pytest.raises(Unsuitable, match="this very scenario"):
        solver.solve(sampled("tiny", TRAINING_SEEDS + 1), Budget(), Silent())
    mine = from_document(edited(sampled("tiny").document, ["family"], "mine"))
    with pytest.raises(Unsuitable, match="named family"):
        solver.solve(mine, Budget(), Silent())
    with pytest.raises(ValueError, match="spread: 0"):
        type(solver)(spread=0)


def test_a_specialists_checkpoint_is_no_generalists(tiny: None, tmp_path: Path) -> None:
    write_checkpoint(played((family_scenario("tiny", 0),), tiny_settings(), 20), tmp_path / "own")
    write_checkpoint(played(training_scenarios("tiny", 2), tiny_settings(observes_demand=True), 20), tmp_path / "all")
    for name, file, needed in (("generalist", "own", "a generalist"), ("t2drl", "all", "a specialist")):
        with pytest.raises(Unsuitable, match=f"needs {needed}"):
            make_solver(name, {"checkpoint": str(tmp_path / file)}).solve(sampled("tiny"), Budget(), Silent())


def test_its_slots_are_split_feasibly_in_another_family(general: Agent) -> None:
    instance = sampled("deadline")
    slots = slots_of(instance, np.ones((instance.frames, len(instance.models)), dtype=bool))
    bandwidth, steps = general.allocation().allocate(slots)
    assert (steps.sum(axis=1) <= instance.system.step_budget).all()
    assert (bandwidth.sum(axis=1) <= 1 + 1e-9).all()
