"""The Gymnasium environments: by Gymnasium's own checker, and by the judge."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from problems.judge import judge
from problems.solution import Solution

gymnasium = pytest.importorskip("gymnasium")
environments = pytest.importorskip("problems.environments")

NAMES = ("t2bench/Slot-v0", "t2bench/Frame-v0")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("family", ["tiny", "paper", "deadline"])
def test_gymnasiums_checker_finds_nothing(name: str, family: str) -> None:
    from gymnasium.utils.env_checker import check_env

    check_env(gymnasium.make(name, family=family).unwrapped, skip_render_check=True)


@pytest.mark.parametrize("name", NAMES)
def test_many_at_once_are_as_many_alone(name: str) -> None:
    together = gymnasium.make_vec(name, num_envs=3, vectorization_mode="sync")
    alone = gymnasium.make(name)
    seen, _ = together.reset(seed=[5, 6, 7])
    np.testing.assert_array_equal(seen[1], alone.reset(seed=6)[0])
    actions = together.action_space.sample()
    after, rewards, *_ = together.step(actions)
    expected, reward, *_ = alone.step(actions[1])
    np.testing.assert_array_equal(after[1], expected)
    assert rewards[1] == pytest.approx(reward)


@pytest.mark.parametrize("family", ["small", "paper", "deadline"])
def test_the_slots_rewards_are_the_judges_costs(family: str) -> None:
    environment: Any = gymnasium.make("t2bench/Slot-v0", family=family).unwrapped
    environment.reset(seed=1)
    environment.action_space.seed(1)
    rewards, bandwidth, steps, over = 0.0, [], [], False
    while not over:
        _, reward, over, _, info = environment.step(environment.action_space.sample())
        rewards += reward
        bandwidth.append(info["bandwidth"])
        steps.append(info["steps"])
    instance = environment.instance
    shape = instance.trace.request.shape
    verdict = judge(
        instance, Solution(environment.cache, np.array(bandwidth).reshape(shape), np.array(steps).reshape(shape))
    )
    assert verdict.feasible
    assert -rewards == pytest.approx(verdict.cost - verdict.loading_cost, rel=1e-9)


def test_a_frames_reward_counts_loading_once() -> None:
    environment: Any = gymnasium.make("t2bench/Frame-v0", family="drift").unwrapped
    environment.reset(seed=0)
    full = int(environment.held.sum(axis=1).argmax())
    loading = [environment.step(full)[4]["loading"] for _ in range(2)]
    size = environment.held[full] @ environment.scenario.catalogue.size_gb
    assert loading == pytest.approx([environment.scenario.system.load_cost_per_gb * size, 0.0])
