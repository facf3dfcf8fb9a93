"""T2DRL's two nested loops: a cache a frame by the caching agent, an allocation a slot by the allocator.

The allocator is first trained alone, under random feasible caches, so that the caching agent does not
chase a moving target. Many traces are played at once, one frame at a time; between frames a training can
be stopped, saved and resumed, and goes on as if it had not been.
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
from t2drl.algorithms.amender import ACTION, amend
from t2drl.algorithms.optimiser import set_rate
from t2drl.settings import Settings
from t2drl.world.chance import Chance
from t2drl.world.device import CPU, moved
from t2drl.world.frames import Sight
from t2drl.world.world import World, make_worlds

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
    """Of the training itself."""
    validation_cpu_s: float = 0.0
    """Of measuring how it goes, beside it."""


class Training:
    """A training under way: a function of the scenarios, the settings, the length and the seed.

    One scenario makes a specialist; with several the traces of one, drawn anew for every frame, are played at a time.
    Bit for bit the same on one machine with one thread, however often it is stopped. Raises Unsuitable where the
    caches cannot be listed.
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
        self.generator = torch.Generator().manual_seed(seed)
        self.chance = Chance(self.generator, device)
        worlds, scales = make_worlds(scenarios, settings, seed, self.generator)
        self.worlds, self.scales = [moved(world, device) for world in worlds], moved(scales, device)
        first = self.worlds[0]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.allocator = d3pg.make_allocator(settings, first.scenario.users, device)
            shapes = Sight.of(first.scenario, settings).shapes(len(first.scenario.models))
            self.cacher = ddqn.Cacher(settings, shapes, len(first.held), device)
        self.curve: list[CurvePoint] = []
        """What was measured on the way (:mod:`t2drl.training.recorder`)."""
        self.asked_minutes: float | None = None
        """CPU minutes that the length was worked out from, if it was: a second time it would be another."""
        self.counts = Counts()
        self.counts.cpu_s = time.process_time() - began

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
        """One frame of all traces of a world, with the updates that belong to it."""
        began = time.process_time()
        self._anneal()
        world = self._drawn(self.worlds)
        place, warming_up = world.place, self.warming_up
        if place.frame == 0:
            place.trace = self.chance.integers(len(world.traces.state), place.trace.shape)
            place.cache = torch.zeros_like(place.cache)
        before = place.cache
        choice = self._choose(world, warming_up)
        place.cache = world.held[choice]
        saved = torch.zeros(len(place.trace), dtype=torch.double, device=self.device)
        for row in world.rows():
            saved += self._play_slot(world, row)
            self._learn_slots(self.settings.updates_a_slot if warming_up else self.settings.nested_updates_a_slot)
        if not warming_up:
            loading = (place.cache & ~before).double() @ world.load_price / self.scales.reward.deviation
            reward = saved / world.scenario.slots - loading
            seen = {"trace": place.trace, "frame": torch.full_like(place.trace, place.frame), "before": before}
            world.frame_replay.add(**seen, action=choice, reward=reward)
            self.counts.frames += len(place.trace)
            self._learn_frames()
        place.frame = (place.frame + 1) % world.scenario.frames
        self.counts.cpu_s += time.process_time() - began

    def _drawn(self, worlds: Sequence[World]) -> World:
        """One of them at random."""
        if len(worlds) == 1:
            return worlds[0]
        return worlds[int(self.chance.integers(len(worlds)))]

    def _anneal(self) -> None:
        settings, progress = self.settings, self.progress
        if settings.anneal:
            nested = max(0.0, progress - settings.warmup) / max(1.0 - settings.warmup, 1e-9)
            set_rate(self.allocator.actor_optimiser, settings.actor_lr, progress)
            set_rate(self.allocator.critic_optimiser, settings.critic_lr, progress)
            set_rate(self.cacher.optimiser, settings.cache_lr, nested)

    def _choose(self, world: World, at_random: bool) -> Tensor:
        """(B,) numbers of caches: random ones, or with probability 1 - epsilon the best known."""
        if at_random:
            return self._many_hits(world)
        settings, place = self.settings, world.place
        choice = self.chance.integers(len(world.held), place.trace.shape)
        nested = (self.progress - settings.warmup) / max(1.0 - settings.warmup, 1e-9)
        epsilon = max(settings.epsilon_end, settings.epsilon + 2.0 * nested * (settings.epsilon_end - settings.epsilon))
        frames = world.frames.batch(place.trace, torch.full_like(place.trace, place.frame), place.cache)
        with torch.no_grad():
            best = self.cacher.network(frames, world.actions).argmax(dim=1)
        explore = self.chance.uniform(place.trace.shape) < epsilon
        return torch.where(explore, choice, best)

    def _many_hits(self, world: World) -> Tensor:
        """(B,) numbers of caches: of 1, 4 or 16 random ones that which most of the frame's requests ask for.

        Good caches fill the edge, which random ones seldom do: both must be seen.
        """
        place = world.place
        count = len(place.trace)
        tried = torch.tensor(CANDIDATES, device=self.device)[self.chance.integers(len(CANDIDATES), (count, 1))]
        candidates = self.chance.integers(len(world.held), (count, max(CANDIDATES)))
        hits = (world.held[candidates] * world.frames.asked[place.trace, place.frame][:, None]).sum(dim=-1)
        hits = torch.where(torch.arange(max(CANDIDATES), device=self.device) < tried, hits, -1.0)
        return candidates.gather(1, hits.argmax(dim=1, keepdim=True))[:, 0]

    def _latent(self, count: int, world: World) -> Tensor:
        chain = max(1, self.allocator.actor.chain)
        return self.chance.normal((chain, count, world.scenario.users, ACTION))

    def _play_slot(self, world: World, rows: Tensor) -> Tensor:
        """(B,) double: the rewards of one slot of every trace, which is remembered."""
        cache, scale = world.place.cache, self.scales.reward
        slots, users = world.slots.under(rows, cache)
        with torch.no_grad():
            raw = self._explored(self.allocator.actor(users, slots.active, self._latent(len(rows), world)))
            amended = amend(raw, slots)
            saved = world.slots.savings(rows, slots, amended.bandwidth, amended.steps)
            reward = (saved - scale.mean) / scale.deviation * slots.active
            action = d3pg.critic_view(amended, slots)
        world.replay.add(row=rows, cache=cache, action=action, reward=reward)
        self.counts.played += 1
        self.counts.slots += len(rows)
        return reward.mean(dim=1)

    def _explored(self, raw: Tensor) -> Tensor:
        """Actions near the actor's, some of their numbers anywhere."""
        settings = self.settings
        left = 1.0 - (1.0 - NOISE_LEFT) * self.progress * settings.anneal
        near = raw + left * settings.noise * self.chance.normal(raw.shape)
        anywhere = 2.0 * self.chance.uniform(raw.shape) - 1.0
        scattered = self.chance.uniform(raw.shape) < left * settings.scatter
        return torch.where(scattered, anywhere, near)

    def _learn_slots(self, updates_a_slot: float) -> None:
        known = [world for world in self.worlds if len(world.replay)]
        if sum(len(world.replay) for world in known) < min(FIRST_SLOTS, self.settings.replay):
            return
        due = int(self.counts.played * updates_a_slot) - int((self.counts.played - 1) * updates_a_slot)
        for _ in range(due):
            world = self._drawn(known)
            count, ahead = self.settings.batch, self.settings.discount > 0
            latent, next_latent = self._latent(count, world), self._latent(count, world) if ahead else None
            d3pg.update(self.allocator, self._slot_sample(world), latent, next_latent)
            self.counts.slot_updates += 1

    def _slot_sample(self, world: World) -> d3pg.Transitions:
        drawn = world.replay.sample(self.settings.batch, self.chance)
        rows, cache = drawn["row"], drawn["cache"]
        slots, users = world.slots.under(rows, cache)
        if self.settings.discount == 0:
            return d3pg.Transitions(slots, users, drawn["action"], drawn["reward"], None, None, None)
        goes_on = (rows + 1) % world.scenario.slots != 0
        next_slots, next_users = world.slots.under(rows + goes_on, cache)
        return d3pg.Transitions(slots, users, drawn["action"], drawn["reward"], next_slots, next_users, goes_on.float())

    def _learn_frames(self) -> None:
        known = [world for world in self.worlds if len(world.frame_replay)]
        if sum(len(world.frame_replay) for world in known) < min(FIRST_FRAMES, self.settings.cache_replay):
            return
        for _ in range(self.settings.updates_a_frame):
            world = self._drawn(known)
            # Where loading is free frames do not influence one another.
            free = world.scenario.system.load_cost_per_gb == 0
            discount = 0.0 if free else self.settings.cache_discount
            ddqn.update(self.cacher, self._frame_sample(world), discount)
            self.counts.frame_updates += 1

    def _frame_sample(self, world: World) -> ddqn.FrameTransitions:
        drawn = world.frame_replay.sample(self.settings.cache_batch, self.chance)
        trace, frame, action = drawn["trace"], drawn["frame"], drawn["action"]
        return ddqn.FrameTransitions(
            world.frames.batch(trace, frame, drawn["before"]),
            action,
            drawn["reward"],
            world.frames.batch(trace, frame + 1, world.held[action]),
            (frame + 1 < world.scenario.frames).float(),
            world.actions,
        )
