"""T2DRL's two nested loops: a cache a frame by the caching agent, an allocation a slot by the allocator.

The allocator is first trained alone, under random feasible caches, so that the caching agent does not
chase a moving target. Many traces are played at once, one frame at a time; between frames a training can
be stopped, saved and resumed, and goes on as if it had not been.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
from torch import Tensor

from problems.scenario import Scenario
from t2drl import d3pg, ddqn
from t2drl.amender import ACTION, amend
from t2drl.caches import feasible_caches
from t2drl.frames import CHANGING, FramePool, common_size, model_features
from t2drl.networks import SEEN_ACTION
from t2drl.optimiser import set_rate
from t2drl.replay import Replay
from t2drl.settings import Settings
from t2drl.slot_pool import SlotPool
from t2drl.traces import training_traces

FIRST_SLOTS = 1_024
"""Slots remembered before the first update."""
FIRST_FRAMES = 512
CANDIDATES = (1, 4, 16)
NOISE_LEFT = 0.2
"""The share of the exploration that is left at the end of a training."""


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
    frame_updates: int = 0
    cpu_s: float = 0.0


class Training:
    """A training under way: a function of the scenario, the settings, the length and the seed.

    Bit for bit the same on one machine with one thread, however often it is stopped. Raises Unsuitable where the
    caches cannot be listed.
    """

    def __init__(self, scenario: Scenario, settings: Settings, length: int, seed: int) -> None:
        """``length`` slots are to be played by all traces."""
        began = time.process_time()
        self.scenario, self.settings, self.length, self.seed = scenario, settings, length, seed
        self.held = torch.from_numpy(feasible_caches(scenario))
        self.traces = training_traces(scenario, seed, settings.training_slots)
        self.pool = SlotPool.of(self.traces, scenario)
        self.frame_pool = FramePool.of(self.traces, scenario)
        self.generator = torch.Generator().manual_seed(seed)
        self.reward_scale = self.pool.saving_scale(self.held, self.generator)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.allocator = d3pg.Allocator(settings, scenario.users)
            fixed = model_features(scenario.catalogue)
            self.cacher = ddqn.Cacher(settings, fixed, self.held, common_size(scenario), CHANGING)
        self.replay, self.frame_replay = self._replays()
        self.counts = Counts()
        self.frame = 0
        self.trace = torch.zeros(settings.envs, dtype=torch.long)
        self.cache = torch.zeros((settings.envs, len(scenario.models)), dtype=torch.bool)
        per_gb = scenario.system.load_cost_per_gb / (scenario.slots * scenario.users)
        self.load_price = torch.from_numpy(per_gb * scenario.catalogue.size_gb) / self.reward_scale.deviation
        self.cache_discount = settings.cache_discount if scenario.system.load_cost_per_gb > 0 else 0.0
        self.counts.cpu_s = time.process_time() - began

    def _replays(self) -> tuple[Replay, Replay]:
        number, real, cache = torch.zeros((), dtype=torch.long), torch.zeros(()), self.held[0]
        action = torch.zeros((self.scenario.users, SEEN_ACTION))
        slots = Replay(self.settings.replay, row=number, cache=cache, action=action, reward=action[:, 0])
        place = {"trace": number, "frame": number, "before": cache}
        return slots, Replay(self.settings.cache_replay, **place, action=number, reward=real)

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.counts.played / max(self.length, 1))

    @property
    def done(self) -> bool:
        """Whether all slots are played."""
        return self.counts.played >= self.length

    @property
    def warming_up(self) -> bool:
        """Whether the allocator is still trained alone."""
        return self.progress < self.settings.warmup

    def play_frame(self) -> None:
        """One frame of all traces, with the updates that belong to it."""
        began = time.process_time()
        self._anneal()
        if self.frame == 0:
            self.trace = torch.randint(len(self.traces.state), self.trace.shape, generator=self.generator)
            self.cache = torch.zeros_like(self.cache)
        warming_up, before = self.warming_up, self.cache
        choice = self._choose(before, warming_up)
        self.cache = self.held[choice]
        saved = torch.zeros(len(self.trace), dtype=torch.double)
        for k in range(self.scenario.slots):
            saved += self._play_slot((self.trace * self.scenario.frames + self.frame) * self.scenario.slots + k)
            self._learn_slots(self.settings.updates_a_slot if warming_up else self.settings.nested_updates_a_slot)
        if not warming_up:
            loading = (self.cache & ~before).double() @ self.load_price
            reward = saved / self.scenario.slots - loading
            place = {"trace": self.trace, "frame": torch.full_like(self.trace, self.frame), "before": before}
            self.frame_replay.add(**place, action=choice, reward=reward)
            self.counts.frames += len(self.trace)
            self._learn_frames()
        self.frame = (self.frame + 1) % self.scenario.frames
        self.counts.cpu_s += time.process_time() - began

    def _anneal(self) -> None:
        settings, progress = self.settings, self.progress
        if settings.anneal:
            nested = max(0.0, progress - settings.warmup) / max(1.0 - settings.warmup, 1e-9)
            set_rate(self.allocator.actor_optimiser, settings.actor_lr, progress)
            set_rate(self.allocator.critic_optimiser, settings.critic_lr, progress)
            set_rate(self.cacher.optimiser, settings.cache_lr, nested)

    def _choose(self, before: Tensor, at_random: bool) -> Tensor:
        """(B,) numbers of caches: random ones, or with probability 1 - epsilon the best known."""
        settings = self.settings
        if at_random:
            return self._many_hits()
        choice = torch.randint(len(self.held), self.trace.shape, generator=self.generator)
        nested = (self.progress - settings.warmup) / max(1.0 - settings.warmup, 1e-9)
        epsilon = max(settings.epsilon_end, settings.epsilon + 2.0 * nested * (settings.epsilon_end - settings.epsilon))
        frames = self.frame_pool.batch(self.trace, torch.full_like(self.trace, self.frame), before)
        with torch.no_grad():
            best = self.cacher.network(frames, self.cacher.held).argmax(dim=1)
        explore = torch.rand(self.trace.shape, generator=self.generator) < epsilon
        return torch.where(explore, choice, best)

    def _many_hits(self) -> Tensor:
        """(B,) numbers of caches: of 1, 4 or 16 random ones that which most of the frame's requests ask for.

        Good caches fill the edge, which random ones seldom do: both must be seen.
        """
        count = len(self.trace)
        tried = torch.tensor(CANDIDATES)[torch.randint(len(CANDIDATES), (count, 1), generator=self.generator)]
        candidates = torch.randint(len(self.held), (count, max(CANDIDATES)), generator=self.generator)
        hits = (self.held[candidates] * self.frame_pool.asked[self.trace, self.frame][:, None]).sum(dim=-1)
        hits = torch.where(torch.arange(max(CANDIDATES)) < tried, hits, -1.0)
        return candidates.gather(1, hits.argmax(dim=1, keepdim=True))[:, 0]

    def _latent(self, count: int) -> Tensor:
        chain = max(1, self.allocator.actor.chain)
        return torch.randn((chain, count, self.scenario.users, ACTION), generator=self.generator)

    def _play_slot(self, rows: Tensor) -> Tensor:
        """(B,) double: the rewards of one slot of every trace, which is remembered."""
        slots, users = self.pool.under(rows, self.cache)
        with torch.no_grad():
            raw = self._explored(self.allocator.actor(users, slots.active, self._latent(len(rows))))
            amended = amend(raw, slots)
            saved = self.pool.savings(rows, slots, amended.bandwidth, amended.steps)
            reward = (saved - self.reward_scale.mean) / self.reward_scale.deviation * slots.active
            action = d3pg.critic_view(amended, slots)
        self.replay.add(row=rows, cache=self.cache, action=action, reward=reward)
        self.counts.played += 1
        self.counts.slots += len(rows)
        return reward.mean(dim=1)

    def _explored(self, raw: Tensor) -> Tensor:
        """Actions near the actor's, some of their numbers anywhere."""
        settings = self.settings
        left = 1.0 - (1.0 - NOISE_LEFT) * self.progress * settings.anneal
        near = raw + left * settings.noise * torch.randn(raw.shape, generator=self.generator)
        anywhere = 2.0 * torch.rand(raw.shape, generator=self.generator) - 1.0
        scattered = torch.rand(raw.shape, generator=self.generator) < left * settings.scatter
        return torch.where(scattered, anywhere, near)

    def _learn_slots(self, updates_a_slot: float) -> None:
        if len(self.replay) < min(FIRST_SLOTS, self.replay.capacity):
            return
        due = int(self.counts.played * updates_a_slot) - int((self.counts.played - 1) * updates_a_slot)
        for _ in range(due):
            d3pg.update(self.allocator, self._slot_sample(), self._latent(self.settings.batch), self._next_latent())
            self.counts.slot_updates += 1

    def _slot_sample(self) -> d3pg.Transitions:
        drawn = self.replay.sample(self.settings.batch, self.generator)
        rows, cache = drawn["row"], drawn["cache"]
        slots, users = self.pool.under(rows, cache)
        if self.settings.discount == 0:
            return d3pg.Transitions(slots, users, drawn["action"], drawn["reward"], None, None, None)
        goes_on = (rows + 1) % self.scenario.slots != 0
        next_slots, next_users = self.pool.under(rows + goes_on, cache)
        return d3pg.Transitions(slots, users, drawn["action"], drawn["reward"], next_slots, next_users, goes_on.float())

    def _next_latent(self) -> Tensor | None:
        return self._latent(self.settings.batch) if self.settings.discount > 0 else None

    def _learn_frames(self) -> None:
        if len(self.frame_replay) < min(FIRST_FRAMES, self.frame_replay.capacity):
            return
        for _ in range(self.settings.updates_a_frame):
            ddqn.update(self.cacher, self._frame_sample(), self.cache_discount)
            self.counts.frame_updates += 1

    def _frame_sample(self) -> ddqn.FrameTransitions:
        drawn = self.frame_replay.sample(self.settings.cache_batch, self.generator)
        trace, frame, action = drawn["trace"], drawn["frame"], drawn["action"]
        return ddqn.FrameTransitions(
            self.frame_pool.batch(trace, frame, drawn["before"]),
            action,
            drawn["reward"],
            self.frame_pool.batch(trace, frame + 1, self.held[action]),
            (frame + 1 < self.scenario.frames).float(),
        )
