"""How many steps the diffusion actor's chain has is a setting of the learners that have such an actor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from problems.io.errors import InputError
from problems.judge import judge
from solvers.base import Budget, Silent, Unsuitable
from solvers.registry import make_solver
from t2drl.checkpoints.checkpoint import write_checkpoint
from t2drl.strategies.source import Source
from t2drl.training.loop import Training
from tests.cases import sampled


@pytest.mark.parametrize(
    ("name", "settings", "chain"),
    [("t2drl", {}, 2), ("t2drl", {"chain": 5}, 5), ("t2drl-paper", {}, 5), ("generalist", {"chain": 1}, 1)],
)
def test_both_halves_come_from_an_agent_with_the_chain(name: str, settings: dict[str, Any], chain: int) -> None:
    sources: list[Source] = [half.agent_key for half in make_solver(name, settings).halves]
    assert sources[0] == sources[1]
    assert sources[0].settings().chain == chain


def test_the_usual_length_stated_is_the_same_agent(cache_folder: Path) -> None:
    instance = sampled("tiny")
    for settings in ({}, {"chain": 2}):
        solution = make_solver("t2drl", {"train_steps": 30, **settings}).solve(instance, Budget(), Silent())
        assert judge(instance, solution).feasible
    assert len(list(cache_folder.rglob("*.safetensors"))) == 1


def test_a_checkpoint_with_another_chain_is_refused(learnt: Training, tmp_path: Path) -> None:
    write_checkpoint(learnt, tmp_path / "agent")
    solver = make_solver("t2drl", {"checkpoint": str(tmp_path / "agent"), "chain": 5})
    with pytest.raises(Unsuitable, match="holds an agent with a chain of 2; needs 5"):
        solver.solve(sampled("small"), Budget(), Silent())


@pytest.mark.parametrize(("name", "words"), [("t2drl", "chain: 0; must be >= 1"), ("none+ddpg", "chain: unknown")])
def test_a_chain_that_no_learner_has(name: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        make_solver(name, {"chain": 0})
