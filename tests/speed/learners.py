"""How fast learners learn: updates and environment steps a CPU second, beside Stable-Baselines3 in one process.

``python -m tests.speed.learners`` takes turns between all of them, round by round, and prints the median of each and
its median ratio to Stable-Baselines3's in the same round. Updates are those of :func:`t2drl.algorithms.d3pg.update`
with sampling from the replay, on networks of the size that Stable-Baselines3's have (a state of 60 numbers, an action
of 20, two layers of 256, batches of 256); the amender, which belongs to the problem, is left out there and stands
apart. Steps are those of slots under random allocations: of ``t2bench/Slot-v0`` in a ``DummyVecEnv``, and of the
batched environment with many traces at once.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from problems.families.named import family_scenario
from t2drl.algorithms import d3pg
from t2drl.algorithms.amender import RAW_ACTION, amend
from t2drl.algorithms.diffusion import DeterministicActor, DirectChain
from t2drl.algorithms.networks import FlatCritic, layers
from t2drl.settings import fast
from t2drl.world.device import CPU
from t2drl.world.environment import make_environments
from t2drl.world.replay_buffer import ReplayBuffer
from t2drl.world.rng import Rng
from t2drl.world.slots import SlotBatch

STATE, ACTIONS, BATCH, WIDTH = 60, 20, 256, 256
REMEMBERED = 4_096
UPDATES, STEPS = 40, 40
"""Timed in a round, of each."""
Turn = Callable[[int], int]
"""Does so many updates or steps; returns how many environments or batches each one stood for."""


class _Actor(nn.Module):
    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.body = layers([inputs, WIDTH, WIDTH, ACTIONS])

    def forward(self, users: Tensor, active: Tensor) -> Tensor:
        return self.body(users)


class _Critic(FlatCritic):
    def __init__(self) -> None:
        nn.Module.__init__(self)
        self.body = layers([STATE + ACTIONS, WIDTH, WIDTH, 1])


def our_updates(chain: int, discount: float) -> Turn:
    """Updates of our learner: deterministic for a chain of 0, else a diffusion of so many steps."""
    settings = fast(algorithm="d3pg" if chain else "ddpg", discount=discount)
    actor = DirectChain(_Actor(STATE + ACTIONS + 1), chain) if chain else DeterministicActor(_Actor(STATE))
    learner = d3pg.Learner(settings, actor, _Critic(), lambda raw, _: raw)
    generator = torch.Generator().manual_seed(0)
    rng = Rng(generator, CPU)
    state, action = torch.zeros(1, STATE), torch.zeros(1, ACTIONS)
    replay = ReplayBuffer(REMEMBERED, state=state, action=action, reward=torch.zeros(1), after=state)
    drawn = (torch.randn(REMEMBERED, 1, size, generator=generator) for size in (STATE, ACTIONS, STATE))
    states, actions, after = drawn
    replay.add(state=states, action=actions.clamp(-1, 1), reward=torch.randn(REMEMBERED, 1), after=after)
    slots = _no_slots()

    def turn(count: int) -> int:
        for _ in range(count):
            row = replay.sample(BATCH, rng)
            noise = [torch.randn((max(1, chain), BATCH, 1, ACTIONS), generator=generator) for _ in range(2)]
            following = d3pg.NextSlots(slots, row["after"], torch.zeros(BATCH)) if discount else None
            batch = d3pg.Transitions(slots, row["state"], row["action"], row["reward"], following)
            d3pg.update(learner, batch, noise[0], noise[1] if discount else None)
        return 1

    return turn


def _no_slots() -> SlotBatch:
    """A batch of which nothing is looked at but that one user is active."""
    scenario = family_scenario("tiny", 0)
    (environment,), _ = make_environments((scenario,), fast(training_slots=1), 0, torch.Generator())
    slots, _ = environment.slots.under(torch.zeros(BATCH, dtype=torch.long), environment.caches[:1].repeat(BATCH, 1))
    return SlotBatch(**{**vars(slots), "active": torch.ones(BATCH, 1, dtype=torch.bool)})


def their_updates() -> Turn:
    """Updates of Stable-Baselines3's DDPG."""
    import gymnasium
    from stable_baselines3 import DDPG
    from stable_baselines3.common.logger import configure

    class Nothing(gymnasium.Env[np.ndarray, np.ndarray]):
        observation_space = gymnasium.spaces.Box(-1, 1, (STATE,), np.float32)
        action_space = gymnasium.spaces.Box(-1, 1, (ACTIONS,), np.float32)

    kinds = {"net_arch": [WIDTH, WIDTH]}
    learner = DDPG("MlpPolicy", Nothing(), batch_size=BATCH, buffer_size=REMEMBERED, policy_kwargs=kinds, device="cpu")
    learner.set_logger(configure(None, []))
    assert learner.replay_buffer is not None
    random = np.random.default_rng(0)
    for _ in range(REMEMBERED):
        state, after = random.normal(size=(2, 1, STATE))
        action, reward = random.uniform(-1, 1, (1, ACTIONS)), random.normal(size=1)
        learner.replay_buffer.add(state, after, action, reward, np.zeros(1), [{}])

    def turn(count: int) -> int:
        learner.train(count, BATCH)
        return 1

    return turn


def our_steps(envs: int) -> Turn:
    """Steps of the batched environment on ``small``: what slots show, amended actions, rewards."""
    settings, generator = fast(envs=envs), torch.Generator().manual_seed(0)
    (environment,), _ = make_environments((family_scenario("small", 0),), settings, 0, generator)
    users, training_slots = environment.scenario.users, environment.slots
    cache = environment.caches[torch.randint(len(environment.caches), (envs,), generator=generator)]

    def turn(count: int) -> int:
        for _ in range(count):
            rows = torch.randint(len(training_slots.slots), (envs,), generator=generator)
            raw = 2.0 * torch.rand((envs, users, RAW_ACTION), generator=generator) - 1.0
            with torch.no_grad():
                slots, _ = training_slots.under(rows, cache)
                split = amend(raw, slots)
                training_slots.savings(rows, slots, split.bandwidth, split.steps)
        return envs

    return turn


def their_steps(envs: int = 16) -> Turn:
    """Steps of a ``DummyVecEnv`` over ``t2bench/Slot-v0`` on ``small``."""
    from stable_baselines3.common.vec_env import DummyVecEnv

    from problems.environments import SlotEnvironment

    environments = DummyVecEnv([SlotEnvironment] * envs)
    environments.reset()
    random = np.random.default_rng(0)

    def turn(count: int) -> int:
        for _ in range(count):
            environments.step(random.uniform(-1, 1, (envs, *(environments.action_space.shape or ()))))
        return envs

    return turn


def rates(turns: dict[str, Turn], count: int, rounds: int) -> dict[str, list[float]]:
    """Units a CPU second of every turn in every round, in which all take their turns once."""
    found: dict[str, list[float]] = {name: [] for name in turns}
    for turn in turns.values():
        turn(count)
    for _ in range(rounds):
        for name, turn in turns.items():
            began = time.process_time()
            size = turn(count)
            found[name].append(count * size / (time.process_time() - began))
    return found


def lines(title: str, found: dict[str, list[float]]) -> list[str]:
    """A table: medians, and median ratios to the first in the same round."""
    first = next(iter(found.values()))
    table = [f"{title:<44}{'a CPU second':>14}{'ratio':>8}"]
    for name, values in found.items():
        ratio = statistics.median(own / other for own, other in zip(values, first, strict=True))
        table.append(f"{name:<44}{statistics.median(values):>14,.0f}{ratio:>8.2f}")
    return table


def main(arguments: list[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=15, metavar="N", help="rounds (default 15)")
    rounds = parser.parse_args(arguments).rounds
    torch.set_num_threads(1)
    torch.manual_seed(0)
    updates = {
        "Stable-Baselines3 DDPG": their_updates(),
        "deterministic, discount 0 (as shipped)": our_updates(0, 0.0),
        "deterministic, discount 0.99": our_updates(0, 0.99),
        "diffusion of 2 steps, discount 0 (as shipped)": our_updates(2, 0.0),
        "diffusion of 5 steps, discount 0": our_updates(5, 0.0),
        "diffusion of 5 steps, discount 0.99": our_updates(5, 0.99),
    }
    print("\n".join(lines("updates", rates(updates, UPDATES, rounds))))
    steps = {"DummyVecEnv": their_steps(), **{f"batched, {n} traces at once": our_steps(n) for n in (16, 64, 256)}}
    print("\n".join(lines("environment steps", rates(steps, STEPS, rounds))))


if __name__ == "__main__":
    main()
