"""The caches of some frames as a linear programme: caching and steps relaxed, bandwidth left out.

For a request whose model is cached the cost is the lower convex envelope over its steps; for a share rho
of a cache it is the perspective of that: the cloud's cost, plus rho times what the first step count
adds, plus the envelope's segments, each at most rho times its length. Lateness is priced as if every
user had the whole band. Together with the budgets and the price of loading this is a relaxation
of the whole programme without its air time (docs/problem.md, sections 2 and 3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from problems import physics
from problems.caches import fits, room_gb
from problems.episode import Slots, slots_of
from problems.instance import Instance
from solvers.frame.linear_program import BoxProgramme
from solvers.slot.costs import air_time, service_costs
from solvers.slot.step_options import deadline_steps, envelope_steps


@dataclass(frozen=True, eq=False)
class Segments:
    """Pieces of envelopes; (P,) arrays. Equal pieces of one model in one slot are one, which loses nothing."""

    slot: np.ndarray
    """Over the whole trace, from 0."""
    model: np.ndarray
    steps: np.ndarray
    """Total length: the steps that all its requests together can take."""
    cost: np.ndarray
    """< 0: what they save by taking them all."""

    def within(self, first: int, last: int) -> Segments:
        """Those of the slots from ``first`` to before ``last``."""
        here = (self.slot >= first) & (self.slot < last)
        return Segments(self.slot[here], self.model[here], self.steps[here], self.cost[here])


@dataclass(frozen=True, eq=False)
class CachingData:
    """What caching does for a trace. T frames of K slots, M models."""

    cloud_cost: float
    """Cost of all requests through the cloud, air time left out."""
    entry_cost: np.ndarray
    """(T, M): what the fewest steps allowed to cached requests add to the cloud's cost; 0 unless the edge is forced."""
    entry_steps: np.ndarray
    """(T, K, M): those steps."""
    benefit: np.ndarray
    """(T, M): what caching a model saves at most, if all its requests get all the steps they want."""
    segments: Segments

    @classmethod
    def of(cls, instance: Instance) -> CachingData:
        """From the whole trace."""
        frames, models = instance.frames, len(instance.models)
        slots = slots_of(instance, np.ones((frames, models), dtype=bool))
        air = air_time(slots, np.ones(slots.request.shape))
        options = np.sort(np.concatenate([envelope_steps(slots), deadline_steps(slots, air)], axis=-1), axis=-1)
        cost = _costs(slots, options, air)
        cloud = _costs(slots, np.zeros((*slots.request.shape, 1), dtype=int), air)[..., 0]
        slot, user = np.nonzero(slots.active)
        model = slots.request[slot, user]
        frame, turn = np.divmod(slot, instance.slots)

        def by_model(values: np.ndarray) -> np.ndarray:
            total = np.zeros((frames, instance.slots, models))
            np.add.at(total, (frame, turn, model), values)
            return total

        options, cost, cloud = options[slot, user], cost[slot, user], cloud[slot, user]
        return cls(
            cloud_cost=float(cloud.sum()),
            entry_cost=by_model(cost[:, 0] - cloud).sum(axis=1),
            entry_steps=by_model(options[:, 0]),
            benefit=by_model(cloud - cost.min(axis=1)).sum(axis=1),
            segments=_merged(slot, model, *falling_segments(options, cost)),
        )


def _costs(slots: Slots, steps: np.ndarray, air: np.ndarray) -> np.ndarray:
    """(B, N, O): cost at steps (B, N, O) without air time, with the lateness that ``air`` (B, N) seconds make."""
    seconds, cost = service_costs(slots, steps)
    return cost + slots.system.late_penalty * physics.lateness_s(air[..., None] + seconds, slots.system)


def falling_segments(steps: np.ndarray, cost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lengths and slopes (R, O - 1) of the falling part of each row's lower convex envelope; length 0 where it ends.

    ``steps`` (R, O) must not decrease along a row.
    """
    rows = np.arange(len(steps))
    at = np.zeros(len(steps), dtype=int)
    lengths, slopes = [], []
    for _ in range(steps.shape[1] - 1):
        ahead = steps - steps[rows, at][:, None]
        slope = np.divide(cost - cost[rows, at][:, None], ahead, out=np.zeros_like(cost), where=ahead > 0)
        steepest = np.minimum(slope.min(axis=1), 0.0)
        to = np.where(steepest < 0, slope.argmin(axis=1), at)
        lengths.append(steps[rows, to] - steps[rows, at])
        slopes.append(steepest)
        at = to
    return np.stack(lengths, axis=1), np.stack(slopes, axis=1)


def _merged(slot: np.ndarray, model: np.ndarray, lengths: np.ndarray, slopes: np.ndarray) -> Segments:
    row, piece = np.nonzero(lengths > 0)
    length, slope = lengths[row, piece], slopes[row, piece]
    keys = np.stack([slot[row], model[row], length, slope], axis=1)
    kinds, count = np.unique(keys, axis=0, return_counts=True)
    steps = kinds[:, 2] * count
    return Segments(kinds[:, 0].astype(int), kinds[:, 1].astype(int), steps, kinds[:, 3] * steps)


def caching_programme(instance: Instance, data: CachingData, frames: range) -> BoxProgramme:
    """The relaxation of some consecutive frames; of all of them where loading costs.

    Its variables are rho (frames, M), then the share of each segment that is taken, then, where
    loading costs, the share of each model that is loaded (frames, M). Its value is what these frames add to
    ``data.cloud_cost``.
    """
    system, size = instance.system, instance.catalogue.size_gb
    count, models, slots = len(frames), len(size), instance.slots
    first = frames.start * slots
    pieces = data.segments.within(first, frames.stop * slots)
    rho = np.arange(count * models).reshape(count, models)
    taken = rho.size + np.arange(len(pieces.slot))
    slot = pieces.slot - first
    frame, one = np.arange(count)[:, None], np.ones(1)

    rows = _Rows()
    rows.add(np.full(count, room_gb(system.cache_gb)), (frame, rho, size))
    entry = data.entry_steps[frames.start : frames.stop].reshape(count * slots, models)
    owner = np.repeat(rho, slots, axis=0)
    every = np.arange(count * slots)[:, None]
    rows.add(np.full(count * slots, float(system.step_budget)), (every, owner, entry), (slot, taken, pieces.steps))
    each = np.arange(len(taken))
    rows.add(np.zeros(len(taken)), (each, taken, one), (each, owner[slot, pieces.model], -one))
    cost, upper = [data.entry_cost[frames.start : frames.stop].ravel(), pieces.cost], np.ones(rho.size + len(taken))
    upper[: rho.size] = np.tile(fits_alone(size, system.cache_gb), count)
    if system.load_cost_per_gb > 0:
        loaded = rho + rho.size + len(taken)
        after = rho.ravel()[models:]
        rows.add(np.zeros(rho.size), (rho, rho, one), (rho, loaded, -one), (after, after - models, -one))
        cost.append(np.tile(system.load_cost_per_gb * size, count))
        upper = np.concatenate([upper, np.ones(rho.size)])
    return BoxProgramme(np.concatenate(cost), rows.matrix(len(upper)), np.concatenate(rows.limits), upper)


def budget_prices(instance: Instance, frames: range, prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the prices of a :func:`caching_programme`'s rows say: of a step (frames, K), of loading (frames, M)."""
    count, models = len(frames), len(instance.models)
    steps = prices[count : count * (1 + instance.slots)].reshape(count, instance.slots)
    if instance.system.load_cost_per_gb == 0:
        return steps, np.zeros((count, models))
    return steps, prices[-count * models :].reshape(count, models)


def fits_alone(size_gb: np.ndarray, cache_gb: float) -> np.ndarray:
    """(M,) bool: whether the cache can hold each model at all."""
    return np.array([fits(gigabytes, cache_gb) for gigabytes in size_gb])


class _Rows:
    """Blocks of rows of a sparse matrix."""

    def __init__(self) -> None:
        self.limits: list[np.ndarray] = []
        self._entries: list[tuple[np.ndarray, ...]] = []

    def add(self, limits: np.ndarray, *entries: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
        """As many rows as there are ``limits``; ``entries`` are (row of the block, column, value), broadcast."""
        above = sum(map(len, self.limits))
        for row, column, value in entries:
            self._entries.append(tuple(part.ravel() for part in np.broadcast_arrays(row + above, column, value)))
        self.limits.append(limits)

    def matrix(self, width: int) -> csr_matrix:
        row, column, value = (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
        used = value != 0
        return csr_matrix((value[used], (row[used], column[used])), shape=(sum(map(len, self.limits)), width))
