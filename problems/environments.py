"""The online protocol as Gymnasium environments, so that any library can learn on it.

``t2bench/Slot-v0`` splits slots under random caches, ``t2bench/Frame-v0`` chooses caches under the equal
split; importing this module registers both. Episodes are traces of a scenario, sampled with seeds that no
judge uses. Rewards add up to minus what :func:`problems.judge.judge` would say: the cost of a step over
the number of requests of a trace without idle users. Raises ModuleNotFoundError without Gymnasium.
"""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from problems import physics
from problems.caches import feasible_masks, fill_in_order, mask_to_cache
from problems.episode import Slots, slots_of
from problems.equal_split import equal_split
from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.scenario import Catalogue, Scenario
from problems.seeds import EPISODE_SEEDS, TRAINING_SEEDS

BANDWIDTH_TEMPERATURE = 2.0
MOST_CACHES = 20_000
USER_ENTRIES = 5
LARGEST = 1e6
"""No entry of an observation is farther from 0."""

Observation = np.ndarray
Step = tuple[Observation, float, bool, bool, dict[str, Any]]


class _TraceEnvironment(gymnasium.Env[Observation, Any]):
    """What both have in common: a scenario, and a trace an episode."""

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012 - Gymnasium's interface

    def __init__(self, family: str = "small", scenario_seed: int = 0, scenario: Scenario | None = None) -> None:
        self.scenario = family_scenario(family, scenario_seed) if scenario is None else scenario
        self.requests = self.scenario.frames * self.scenario.slots * self.scenario.users
        self.instance: Instance
        self.cache: np.ndarray
        """(T, M): the caches so far."""
        self.time = 0

    def begin(self, seed: int | None) -> None:
        """Start a trace; ``seed`` decides it and all that follow."""
        super().reset(seed=seed)
        self.instance = sample_instance(self.scenario, TRAINING_SEEDS + int(self.np_random.integers(EPISODE_SEEDS)))
        self.cache = np.zeros((self.scenario.frames, len(self.scenario.models)), dtype=bool)
        self.time = 0


class SlotEnvironment(_TraceEnvironment):
    """A step is a slot: bandwidth and steps under a cache that is drawn anew for every frame.

    An observation has, user by user, whether it is active and its model cached, the logarithm of the gain, both
    sizes and the model's catalogue entries. An action in [-1, 1] has a logit of bandwidth a user, then the share of the
    most steps of use a user; where these exceed the budget they are scaled down, and rounded down.
    """

    def __init__(self, family: str = "small", scenario_seed: int = 0, scenario: Scenario | None = None) -> None:
        super().__init__(family, scenario_seed, scenario)
        users = self.scenario.users
        entries = users * (USER_ENTRIES + len(Catalogue.__annotations__))
        self.observation_space = spaces.Box(-LARGEST, LARGEST, (entries,), np.float32)
        self.action_space = spaces.Box(-1.0, 1.0, (2 * users,), np.float32)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """The first slot of a trace."""
        self.begin(seed)
        size, capacity = self.scenario.catalogue.size_gb, self.scenario.system.cache_gb
        for t in range(self.scenario.frames):
            self.cache[t] = fill_in_order(self.np_random.permutation(len(size)), size, capacity)
        return self._observed(), {}

    def step(self, action: np.ndarray) -> Step:
        """Serve the slot; the trace ends with its last. ``info`` has the cost and the allocation."""
        slots = self._slots()
        bandwidth, steps = amended(slots, np.asarray(action, dtype=float)[None])
        cost = float(summed_costs(slots, bandwidth, steps)[0])
        self.time += 1
        over = self.time == self.scenario.frames * self.scenario.slots
        info = {"cost": cost, "bandwidth": bandwidth[0], "steps": steps[0]}
        return self._observed(last=over), -cost / self.requests, over, False, info

    def _slots(self) -> Slots:
        return slots_of(self.instance, self.cache, slice(self.time, self.time + 1))

    def _observed(self, last: bool = False) -> Observation:
        if last:
            return np.zeros(self.observation_space.shape or (), dtype=np.float32)
        return observed(self._slots())[0]


class FrameEnvironment(_TraceEnvironment):
    """A step is a frame: which of the feasible caches to hold, all slots being split equally.

    An observation has the state, one number each, if policies see it; then for each model whether it is held, and its
    share of the requests of the frame before. An action is the number of a cache in ``held``. Raises
    ValueError where more than 20,000 caches are feasible.
    """

    def __init__(self, family: str = "small", scenario_seed: int = 0, scenario: Scenario | None = None) -> None:
        super().__init__(family, scenario_seed, scenario)
        masks, _ = feasible_masks(self.scenario.catalogue.size_gb, self.scenario.system.cache_gb, MOST_CACHES)
        self.held = mask_to_cache(masks, len(self.scenario.models))
        """(F, M) bool: the caches by number."""
        states = len(self.scenario.demand.skew) if self.scenario.demand.state_observed else 0
        self.observation_space = spaces.Box(0.0, 1.0, (states + 2 * len(self.scenario.models),), np.float32)
        self.action_space = spaces.Discrete(len(self.held))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """The first frame of a trace."""
        self.begin(seed)
        return self._observed(), {}

    def step(self, action: int) -> Step:
        """Hold a cache for a frame; the trace ends with its last. ``info`` has the costs of requests and of loading."""
        t, slots = self.time, self.scenario.slots
        before = self.cache[t - 1] if t else np.zeros_like(self.cache[0])
        self.cache[t] = self.held[action]
        served = slots_of(self.instance, self.cache, slice(t * slots, (t + 1) * slots))
        split = equal_split(served.request, served.cached, served.catalogue, served.system.step_budget)
        cost = float(summed_costs(served, *split).sum())
        loaded = float((self.cache[t] & ~before) @ self.scenario.catalogue.size_gb)
        loading = self.scenario.system.load_cost_per_gb * loaded
        self.time += 1
        over = self.time == self.scenario.frames
        return self._observed(), -(cost + loading) / self.requests, over, False, {"cost": cost, "loading": loading}

    def _observed(self) -> Observation:
        models, t = len(self.scenario.models), self.time
        held, asked = np.zeros(models), np.zeros(models)
        if t:
            past = self.instance.trace.request[t - 1]
            held, asked = self.cache[t - 1].astype(float), np.bincount(past[past >= 0], minlength=models).astype(float)
        parts = [held, asked / max(asked.sum(), 1.0)]
        if self.scenario.demand.state_observed:
            state = self.instance.trace.state[min(t, self.scenario.frames - 1)]
            parts.insert(0, np.eye(len(self.scenario.demand.skew))[state])
        return np.concatenate(parts).astype(np.float32)


def observed(slots: Slots) -> Observation:
    """(B, entries) float32: what an agent sees of slots."""
    active = slots.active
    gain = np.log10(np.where(active, slots.gain, 1.0))
    columns = [active, slots.cached, gain, slots.input_mb, slots.output_mb]
    columns += [getattr(slots.catalogue, name)[slots.request] for name in Catalogue.__annotations__]
    return (np.stack(columns, axis=-1) * active[..., None]).astype(np.float32).reshape(len(slots), -1)


def amended(slots: Slots, action: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Feasible bandwidth (B, N) and steps (B, N) of actions (B, 2N) in [-1, 1]."""
    logit, asked = np.split(np.clip(action, -1.0, 1.0), 2, axis=1)
    weight = np.where(slots.active, np.exp(BANDWIDTH_TEMPERATURE * logit), 0.0)
    bandwidth = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-30)
    useful = np.maximum(np.ceil(slots.catalogue.steps_high[slots.request]), 1.0)
    fewest = slots.cached.astype(float) if slots.system.forced_edge else np.zeros(logit.shape)
    more = np.where(slots.cached, np.rint((asked + 1.0) / 2.0 * (useful - fewest)), 0.0)
    spare = slots.system.step_budget - fewest.sum(axis=1, keepdims=True)
    scale = np.minimum(1.0, spare / np.maximum(more.sum(axis=1, keepdims=True), 1.0))
    return bandwidth, (fewest + np.floor(more * scale)).astype(np.int64)


def summed_costs(slots: Slots, bandwidth: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """(B,) the summed request costs of slots."""
    of, request, active = slots.catalogue, slots.request, slots.active
    latency = physics.latency_s(
        np.where(active, bandwidth, 1.0),
        steps,
        np.where(active, slots.gain, 1.0),
        np.where(active, slots.input_mb, 1.0),
        np.where(active, slots.output_mb, 1.0),
        of.step_s[request],
        of.setup_s[request],
        of.cloud_s[request],
        slots.system,
    )
    best = of.tv_best[request]
    quality = physics.quality_tv(steps, of.steps_low[request], of.steps_high[request], of.tv_worst[request], best)
    cost = physics.request_cost(latency, np.where(steps >= 1, quality, best), slots.system)
    total: np.ndarray = np.where(active, cost, 0.0).sum(axis=1)
    return total


gymnasium.register("t2bench/Slot-v0", entry_point=f"{__name__}:SlotEnvironment")
gymnasium.register("t2bench/Frame-v0", entry_point=f"{__name__}:FrameEnvironment")
