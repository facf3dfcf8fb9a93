"""The online protocol: what a policy sees, when, and nothing else.

A view holds copies. No array in it is a window onto the trace, so there is no way from a view to
what has not happened yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from problems.instance import Instance
from problems.scenario import Catalogue, Demand, Model, System
from problems.solution import Solution
from problems.status import Tier


@dataclass(frozen=True, eq=False)
class Slots:
    """B slots, each with everything that decides its allocation. Rows are independent.

    Nothing within a slot is hidden from anybody (docs/problem.md, section 4).
    """

    catalogue: Catalogue
    system: System
    request: np.ndarray
    """(B, N) int: model index, -1 idle."""
    gain: np.ndarray
    """(B, N)."""
    input_mb: np.ndarray
    """(B, N)."""
    output_mb: np.ndarray
    """(B, N)."""
    cached: np.ndarray
    """(B, N) bool: whether the requested model is in the cache; False for idle users."""

    @property
    def active(self) -> np.ndarray:
        """(B, N) bool."""
        return self.request >= 0

    def __len__(self) -> int:
        return self.request.shape[0]

    def take(self, rows: slice | np.ndarray) -> Slots:
        """The slots of some rows."""
        arrays = (self.request, self.gain, self.input_mb, self.output_mb, self.cached)
        return Slots(self.catalogue, self.system, *(array[rows] for array in arrays))

    def caching(self, cached: np.ndarray) -> Slots:
        """The same slots with other models held: ``cached`` (B, N) as above."""
        return replace(self, cached=cached)


@dataclass(frozen=True, eq=False)
class PastFrame:
    """One frame that is over, as everybody saw it."""

    state: int | None
    """None where the scenario hides the state."""
    cache: np.ndarray
    """(M,) bool."""
    request: np.ndarray
    """(K, N) int."""
    gain: np.ndarray
    """(K, N)."""
    input_mb: np.ndarray
    """(K, N)."""
    output_mb: np.ndarray
    """(K, N)."""


@dataclass(frozen=True, eq=False)
class FrameView:
    """What a policy sees when it chooses the cache of a frame."""

    frame: int
    """t, from 0."""
    frames: int
    """T, frames of the trace."""
    slots: int
    """K, slots a frame."""
    users: int
    """N."""
    models: tuple[Model, ...]
    catalogue: Catalogue
    system: System
    demand: Demand | None
    """The demand process; None for model-free policies, who are not told it."""
    state: int | None
    """z_t, or None where the scenario hides it."""
    previous_cache: np.ndarray
    """(M,) bool: the cache of the frame before; all False at the start."""
    past: tuple[PastFrame, ...]
    """The frames before this one, oldest first."""


class CachingPolicy(Protocol):
    """Chooses the cache of a frame."""

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool that fits the cache."""
        ...


class AllocationPolicy(Protocol):
    """Splits bandwidth and steps in slots."""

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and steps (B, N); a row of the answer depends on that row of ``slots`` only."""
        ...


class Policy(CachingPolicy, AllocationPolicy, Protocol):
    """Decides online on both timescales."""


def rollout(policy: Policy, instance: Instance, tier: Tier = "online-model-based") -> Solution:
    """Play ``policy`` through the trace, frame by frame and slot by slot, with the knowledge of ``tier``.

    Returns the decisions as a solution without claims. Raises ValueError when a decision has the
    wrong shape or a cache is not of zeros and ones; whether it is feasible is for the judge to say.
    """
    shape = instance.trace.request.shape
    cache = np.zeros((instance.frames, len(instance.models)), dtype=bool)
    bandwidth, steps = np.zeros(shape), np.zeros(shape)
    for view in frame_views(instance, cache, tier):
        t = view.frame
        cache[t] = _chosen(policy, view)
        for k in range(instance.slots):
            slot = slots_of(instance, cache, slice(t * instance.slots + k, t * instance.slots + k + 1))
            b, s = policy.allocate(slot)
            bandwidth[t, k] = checked(b, (1, shape[2]), "bandwidth")[0]
            steps[t, k] = checked(s, (1, shape[2]), "steps")[0]
    return Solution(cache=cache, bandwidth=bandwidth, steps=steps)


def rollout_caching(
    policy: CachingPolicy,
    instance: Instance,
    tier: Tier = "online-model-based",
    stop: Callable[[], bool] = lambda: False,
) -> np.ndarray:
    """(T, M) bool: the caches that ``policy`` chooses online; what it sees does not depend on allocations.

    From the frame on at whose start ``stop()`` is true the last cache is kept.
    """
    cache = np.zeros((instance.frames, len(instance.models)), dtype=bool)
    for view in frame_views(instance, cache, tier):
        if stop():
            cache[view.frame :] = view.previous_cache
            break
        cache[view.frame] = _chosen(policy, view)
    return cache


def _chosen(policy: CachingPolicy, view: FrameView) -> np.ndarray:
    cache = checked(policy.choose(view), view.previous_cache.shape, "cache")
    if not np.isin(cache, (0, 1)).all():
        raise ValueError(f"cache: {cache.tolist()}; every entry must be 0 or 1")
    return cache


def frame_views(instance: Instance, cache: np.ndarray, tier: Tier = "online-model-based") -> Iterator[FrameView]:
    """The views of the frames in turn; row t of ``cache`` must be filled in before the next is taken."""
    trace, observed = instance.trace, instance.demand.state_observed
    past: tuple[PastFrame, ...] = ()
    previous = np.zeros(len(instance.models), dtype=bool)
    for t in range(instance.frames):
        state = int(trace.state[t]) if observed else None
        yield FrameView(
            frame=t,
            frames=instance.frames,
            slots=instance.slots,
            users=instance.users,
            models=instance.models,
            catalogue=instance.catalogue,
            system=instance.system,
            demand=None if tier == "online-model-free" else instance.demand,
            state=state,
            previous_cache=previous.copy(),
            past=past,
        )
        previous = cache[t].copy()
        seen = (trace.request, trace.gain, trace.input_mb, trace.output_mb)
        past += (PastFrame(state, previous, *(array[t].copy() for array in seen)),)


def slots_of(instance: Instance, cache: np.ndarray, rows: slice = slice(None)) -> Slots:
    """The slots of the trace, frame after frame, as (B, N) copies under the caches (T, M).

    ``rows`` picks from the T K slots.
    """
    trace, users = instance.trace, instance.users
    request = trace.request.reshape(-1, users)[rows].copy()
    frame = np.repeat(np.arange(instance.frames), instance.slots)[rows]
    return Slots(
        catalogue=instance.catalogue,
        system=instance.system,
        request=request,
        gain=trace.gain.reshape(-1, users)[rows].copy(),
        input_mb=trace.input_mb.reshape(-1, users)[rows].copy(),
        output_mb=trace.output_mb.reshape(-1, users)[rows].copy(),
        cached=(cache[frame[:, None], request] == 1) & (request >= 0),
    )


def checked(array: np.ndarray, shape: tuple[int, ...], name: str) -> np.ndarray:
    """``array`` if it has ``shape``. Raises ValueError."""
    array = np.asarray(array)
    if array.shape != shape:
        raise ValueError(f"{name}: array of shape {list(array.shape)}; must be {list(shape)}")
    return array
