"""T2DRL's two nested loops: a cache a frame by the caching agent, an allocation a slot by the allocator.

The allocator is first trained alone, under random feasible caches, so that the caching agent does not
chase a moving target. Many traces are played at once, one frame at a time; between frames a training can
be stopped, saved and resumed, and continues as if it had not been.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from problems.scenario import Scenario
from solvers.learning_curve import CurvePoint
from t2drl.algorithms import d3pg, ddqn
from t2drl.algorithms.amender import RAW_ACTION, amend
from t2drl.algorithms.optimiser import anneal
from t2drl.settings import Settings
from t2drl.training.experience import Experience
from t2drl.training.exploration import epsilon_at, epsilon_greedy, noisy_actions, popular_caches
from t2drl.world.device import CPU, moved
from t2drl.world.environment import make_environments
from t2drl.world.frame_observation import ObservationSpec
from t2drl.world.rng import Rng

FIRST_SLOTS = 1_024
"""Slots in the replay buffers before the first update of the allocator."""
FIRST_FRAMES = 512
"""Frames in them before the first update of the caching agent."""


@dataclass
class Counts:
    """What a training has cost so far."""

    played: int = 0
    """Slots that all traces have played: the measure of a training's length."""
    slots: int = 0
    """Environment steps: slots of single traces."""
    frames: int = 0
    """Frames of single traces that the caching agent decided."""
    slot_updates: int = 0
    """Updates of the allocator."""
    frame_updates: int = 0
    """Updates of the caching agent."""
    cpu_s: float = 0.0
    """CPU seconds of the training itself."""
    validation_cpu_s: float = 0.0
    """CPU seconds of measuring how it goes, beside it."""


class Training:
    """A training under way: a function of the scenarios, the settings, the length and the seed.

    One scenario makes a specialist; with several the traces of one, drawn anew for every frame, are played at a time.
    Bit for bit the same on one machine with one thread, however often it is stopped. Raises ValueError for flat
    networks on several scenarios, and Unsuitable where the caches cannot be listed.
    """

    def __init__(
        self, scenarios: Sequence[Scenario], settings: Settings, length: int, seed: int, device: torch.device = CPU
    ) -> None:
        """``length`` slots are to be played by all traces, on tensors that lie on the device."""
        if len(scenarios) > 1 and settings.networks == "flat":
            raise ValueError("flat networks belong to one scenario")
        began = time.process_time()
        self.scenarios, self.settings, self.length, self.seed = tuple(scenarios), settings, length, seed
        self.device = device
        self.rng = Rng(torch.Generator().manual_seed(seed), device)
        environments, scales = make_environments(scenarios, settings, seed, self.rng.generator)
        environments, self.scales = [moved(environment, device) for environment in environments], moved(scales, device)
        self.experience = [Experience.empty(each, settings, len(environments), device) for each in environments]
        first = environments[0]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.allocator = d3pg.make_learner(settings, first.scenario.users, device)
            shapes = ObservationSpec.of(first.scenario, settings).empty(len(first.scenario.models))
            self.cacher = ddqn.Learner(settings, shapes, len(first.caches), device)
        self.curve: list[CurvePoint] = []
        """What was measured on the way (:mod:`t2drl.training.recorder`)."""
        self.asked_minutes: float | None = None
        """CPU minutes that the length was worked out from, if it was: a second time it would be another."""
        self.counts = Counts(cpu_s=time.process_time() - began)

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.counts.played / max(self.length, 1))

    @property
    def nested_progress(self) -> float:
        """From 0, while the allocator is trained alone, to 1."""
        warmup = self.settings.warmup
        return max(0.0, self.progress - warmup) / max(1.0 - warmup, 1e-9)

    @property
    def done(self) -> bool:
        """Whether all slots are played."""
        return self.counts.played >= self.length

    @property
    def warming_up(self) -> bool:
        """Whether the allocator is still trained alone."""
        return self.progress < self.settings.warmup

    def play_frame(self) -> None:
        """One frame of all traces of an environment, with the updates that belong to it."""
        began = time.process_time()
        self._anneal()
        experience, warming_up = self._drawn(self.experience), self.warming_up
        environment, episodes = experience.environment, experience.environment.episodes
        if episodes.frame == 0:
            environment.begin(self.rng)
        before, action = episodes.cache, self._choose_caches(experience)
        episodes.cache = environment.caches[action]
        reward = torch.zeros(len(action), dtype=torch.double, device=self.device)
        for row in environment.rows():
            reward += self._play_slot(experience, row)
            self._update_allocator(self.settings.updates_a_slot if warming_up else self.settings.nested_updates_a_slot)
        if not warming_up:
            reward = reward / environment.scenario.slots
            reward = reward - environment.loading_cost(before) / self.scales.reward.deviation
            frame = torch.full_like(episodes.trace, episodes.frame)
            experience.frames.add(trace=episodes.trace, frame=frame, before=before, action=action, reward=reward)
            self.counts.frames += len(action)
            self._update_cacher()
        episodes.frame = (episodes.frame + 1) % environment.scenario.frames
        self.counts.cpu_s += time.process_time() - began

    def _drawn(self, experience: Sequence[Experience]) -> Experience:
        """That of one environment at random."""
        if len(experience) == 1:
            return experience[0]
        return experience[int(self.rng.integers(len(experience)))]

    def _anneal(self) -> None:
        settings = self.settings
        if settings.anneal:
            anneal(self.allocator.actor_optimiser, settings.actor_lr, self.progress)
            anneal(self.allocator.critic_optimiser, settings.critic_lr, self.progress)
            anneal(self.cacher.optimiser, settings.cache_lr, self.nested_progress)

    def _choose_caches(self, experience: Experience) -> Tensor:
        """(B,) numbers of caches: random ones while the allocator is trained alone, then epsilon-greedy ones."""
        environment = experience.environment
        if self.warming_up:
            return popular_caches(environment.caches, environment.requests(), self.rng)
        with torch.no_grad():
            q = self.cacher.network(environment.observation(), environment.caches.float())
        return epsilon_greedy(q, epsilon_at(self.nested_progress, self.settings), self.rng)

    def _play_slot(self, experience: Experience, row: Tensor) -> Tensor:
        """(B,) double: the rewards of one slot of every trace, in rows (B,) of the training slots; it is remembered."""
        environment, scale = experience.environment, self.scales.reward
        cache = environment.episodes.cache
        slots, observation = environment.slots.under(row, cache)
        with torch.no_grad():
            raw = self.allocator.actor(observation, slots.active, self.chain_noise(len(row), experience))
            action = amend(noisy_actions(raw, self.progress, self.settings, self.rng), slots)
            savings = environment.slots.savings(row, slots, action.bandwidth, action.steps)
            reward = (savings - scale.mean) / scale.deviation * slots.active
            features = d3pg.action_features(action, slots)
        experience.slots.add(row=row, cache=cache, action=features, reward=reward)
        self.counts.played += 1
        self.counts.slots += len(row)
        return reward.mean(dim=1)

    def chain_noise(self, count: int, experience: Experience) -> Tensor:
        """(max(1, chain), ``count``, N, 5): what the actor's chain starts from and goes on with."""
        chain = max(1, self.allocator.actor.chain)
        return self.rng.normal((chain, count, experience.environment.scenario.users, RAW_ACTION))

    def _update_allocator(self, updates_a_slot: float) -> None:
        """The updates that are due after a slot."""
        known = [experience for experience in self.experience if len(experience.slots)]
        if sum(len(experience.slots) for experience in known) < min(FIRST_SLOTS, self.settings.replay):
            return
        count, discounted = self.settings.batch, self.settings.discount > 0
        due = int(self.counts.played * updates_a_slot) - int((self.counts.played - 1) * updates_a_slot)
        for _ in range(due):
            experience = self._drawn(known)
            noise = self.chain_noise(count, experience)
            next_noise = self.chain_noise(count, experience) if discounted else None
            d3pg.update(self.allocator, experience.slot_transitions(count, discounted, self.rng), noise, next_noise)
            self.counts.slot_updates += 1

    def _update_cacher(self) -> None:
        """The updates that are due after a frame."""
        known = [experience for experience in self.experience if len(experience.frames)]
        if sum(len(experience.frames) for experience in known) < min(FIRST_FRAMES, self.settings.cache_replay):
            return
        for _ in range(self.settings.updates_a_frame):
            experience = self._drawn(known)
            # Where loading is free frames do not influence one another.
            free = experience.environment.scenario.system.load_cost_per_gb == 0
            discount = 0.0 if free else self.settings.cache_discount
            ddqn.update(self.cacher, experience.frame_transitions(self.settings.cache_batch, self.rng), discount)
            self.counts.frame_updates += 1
