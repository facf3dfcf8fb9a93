"""Learners of Stable-Baselines3 as allocation strategies."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("stable_baselines3")

from problems.families.named import family_scenario
from problems.judge import judge
from solvers.base import Budget, Silent, Unsuitable
from solvers.registry import make_solver
from t2drl.strategies.sb3_training import ENVS, learn
from tests.cases import sampled
from tests.solvers.support import Remembering


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Updates from the first slots on."""
    monkeypatch.setattr("t2drl.strategies.sb3_training.FIRST_STEPS", 32)


@pytest.mark.parametrize("name", ["td3", "sac"])
def test_they_answer_feasibly_from_an_agent_trained_once_a_scenario(name: str, cache_folder: Path) -> None:
    solver = make_solver(f"online-optimal+{name}", {"train_steps": 6})
    assert solver.capabilities.needs_training
    records = []
    for trace_seed in range(2):
        report = Remembering()
        instance = sampled("tiny", 0, trace_seed)
        assert judge(instance, solver.solve(instance, Budget(), report)).feasible
        records += report.records
    first, second = records
    assert first.agent == second.agent
    assert first.environment_steps == 6 * ENVS
    assert first.updates > 0
    assert first.whole
    assert len(list(cache_folder.rglob("*.safetensors"))) == 1


def test_a_training_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    learn("SAC", family_scenario("tiny", 0), 3, 0, Budget())
    assert list(tmp_path.iterdir()) == []


def test_equal_seeds_train_equal_agents(cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def agent(seed: int, folder: str) -> str:
        monkeypatch.setenv("T2BENCH_CACHE", str(cache_folder / folder))
        report = Remembering()
        solver = make_solver("exhaustive+td3", {"train_steps": 6})
        solver.solve(sampled("tiny"), Budget(seed=seed), report)
        return report.records[0].agent

    assert agent(0, "a") == agent(0, "b") != agent(1, "a")


def test_a_time_limit_cuts_the_training_short() -> None:
    report, budget = Remembering(), Budget(time_limit_s=4.0)
    instance = sampled("tiny")
    solution = make_solver("online-optimal+sac", {"train_steps": 1_000_000}).solve(instance, budget, report)
    assert judge(instance, solution).feasible
    assert not report.records[0].whole
    assert budget.elapsed_s < 4.0


def test_it_refuses_a_trace_that_it_was_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("problems.environments.EPISODE_SEEDS", 1)
    instance = sampled("tiny", 0, 1_000_000)
    with pytest.raises(Unsuitable, match="this very trace"):
        make_solver("online-optimal+sac", {"train_steps": 6}).solve(instance, Budget(), Silent())
