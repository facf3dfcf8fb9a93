"""Traces from a scenario's demand process: a pure function, the same on every platform.

Uniform numbers come from the raw bits of PCG64, keyed by words through SHA-256; what transcendental
functions make of them is rounded to six significant digits, so that the last bits in which maths
libraries differ do not reach a file.
"""

from __future__ import annotations

import hashlib

import numpy as np

from problems.families.changes import split_changes
from problems.instance import IDLE, Instance, Trace, of_scenario
from problems.io.errors import InputError
from problems.scenario import Demand, Scenario

MIN_DISTANCE_KM = 0.01
MIN_FADING = 0.05
SIGNIFICANT_DIGITS = 6


class Stream:
    """A stream of uniform numbers named by words: equal words, equal numbers."""

    def __init__(self, *words: object) -> None:
        digest = hashlib.sha256("/".join(map(str, words)).encode()).digest()
        self._bits = np.random.PCG64(int.from_bytes(digest, "big"))

    def uniform(self, *shape: int) -> np.ndarray:
        """Numbers in [0, 1) of the given shape."""
        raw = self._bits.random_raw(int(np.prod(shape, dtype=int)))
        return ((raw >> np.uint64(11)) * 2.0**-53).reshape(shape)

    def between(self, low: float, high: float, *shape: int) -> np.ndarray:
        """Numbers in [low, high), rounded to six significant digits."""
        return significant(low + (high - low) * self.uniform(*shape))

    def whole(self, low: int, high: int, *shape: int) -> np.ndarray:
        """Whole numbers in low..high, both included."""
        return low + (self.uniform(*shape) * (high - low + 1)).astype(np.int64)

    def permutation(self, size: int) -> np.ndarray:
        """A permutation of 0..size-1."""
        return np.argsort(self.uniform(size), kind="stable")


def significant(values: np.ndarray) -> np.ndarray:
    """Values rounded to six significant decimal digits."""
    flat = [float(f"{value:.{SIGNIFICANT_DIGITS}g}") for value in values.ravel().tolist()]
    return np.array(flat, dtype=float).reshape(values.shape)


def six(value: float) -> float:
    """A value rounded to six significant decimal digits."""
    return float(significant(np.array([value]))[0])


def sample_instance(scenario: Scenario, trace_seed: int) -> Instance:
    """The instance of a scenario and a trace seed >= 0, named ``FAMILY-sSCENARIO_SEED-tTRACE_SEED``.

    Raises InputError for a negative seed.
    """
    if trace_seed < 0:
        raise InputError(f"trace seed: {trace_seed}; must be >= 0")
    name = f"{scenario.family}-s{scenario.scenario_seed}-t{trace_seed}"
    return of_scenario(scenario, sample_trace(scenario, trace_seed), trace_seed, name)


def sample_trace(scenario: Scenario, trace_seed: int | str) -> Trace:
    """A trace of the scenario's extent: states (T,), requests, gains and sizes (T, K, N).

    All changes of a family draw from the same streams: their traces differ in what a changed skew makes of them alone.
    """
    words = (*_drawn_from(scenario), "trace", trace_seed)
    demand = scenario.demand
    shape = (scenario.frames, scenario.slots, scenario.users)
    state = _states(demand, Stream(*words, "state").uniform(scenario.frames))
    request = _requests(demand, state, Stream(*words, "request").uniform(*shape))
    idle = Stream(*words, "activity").uniform(*shape) >= demand.activity
    slots = scenario.frames * scenario.slots
    gain = sample_gain(demand, Stream(*words, "gain"), slots, scenario.users).reshape(shape)
    return Trace(
        state=state,
        request=np.where(idle, IDLE, request),
        gain=gain,
        input_mb=sample_sizes(demand.input_mb, Stream(*words, "input_mb"), *shape),
        output_mb=sample_sizes(demand.output_mb, Stream(*words, "output_mb"), *shape),
    )


def _drawn_from(scenario: Scenario) -> tuple[str, int]:
    """The first words of a scenario's streams: its family without changes, and its seed."""
    unchanged, _ = split_changes(scenario.family)
    return unchanged, scenario.scenario_seed


def _states(demand: Demand, uniform: np.ndarray) -> np.ndarray:
    """(T,) a path of the chain, started in its long-run distribution."""
    rows = np.cumsum(np.array(demand.transition), axis=1)
    path = np.empty(len(uniform), dtype=np.int64)
    distribution = np.cumsum(demand.stationary)
    for t, u in enumerate(uniform):
        path[t] = min(np.searchsorted(distribution, u, side="right"), len(rows) - 1)
        distribution = rows[path[t]]
    return path


def _requests(demand: Demand, state: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """(T, K, N) model indices, drawn from the popularity of each frame's state."""
    cumulative = np.cumsum(demand.popularity, axis=1)[state]
    chosen = (uniform[..., None] >= cumulative[:, None, None, :]).sum(axis=-1)
    return np.minimum(chosen, cumulative.shape[1] - 1)


def sample_unrecorded(scenario: Scenario, frames: int, trace_seed: int) -> dict[str, np.ndarray]:
    """What a log does not record of ``frames`` frames: ``gain``, ``input_mb`` and ``output_mb`` (T, K, N)."""
    words = (*_drawn_from(scenario), "recorded", trace_seed)
    shape = (frames, scenario.slots, scenario.users)
    demand = scenario.demand
    gain = sample_gain(demand, Stream(*words, "gain"), shape[0] * shape[1], shape[2])
    return {
        "gain": gain.reshape(shape),
        "input_mb": sample_sizes(demand.input_mb, Stream(*words, "input_mb"), *shape),
        "output_mb": sample_sizes(demand.output_mb, Stream(*words, "output_mb"), *shape),
    }


def sample_gain(demand: Demand, stream: Stream, slots: int, users: int) -> np.ndarray:
    """(slots, users) linear power gains of users on a random walk in the cell.

    Positions start uniform in the disc; a slot moves a user in a uniform direction by a uniform
    length up to ``move_km``, and whoever would leave the disc is mirrored at its edge.
    gain = 10^(-(128.1 + 37.6 log10 km)/10) times unit-mean exponential (Rayleigh) fading.
    """
    radius = demand.cell_km * np.sqrt(stream.uniform(users))
    angle = 2 * np.pi * stream.uniform(users)
    position = radius * np.exp(1j * angle)
    length = demand.move_km * stream.uniform(slots, users)
    moves = length * np.exp(2j * np.pi * stream.uniform(slots, users))
    distance = np.empty((slots, users))
    for slot in range(slots):
        distance[slot] = np.abs(position)
        position = _mirror(position + moves[slot], demand.cell_km)
    km = np.maximum(distance, MIN_DISTANCE_KM)
    fading = np.maximum(-np.log1p(-stream.uniform(slots, users)), MIN_FADING)
    return significant(10.0 ** (-(128.1 + 37.6 * np.log10(km)) / 10.0) * fading)


def _mirror(position: np.ndarray, cell_km: float) -> np.ndarray:
    distance = np.abs(position)
    inside = np.clip(2 * cell_km - distance, 0.0, cell_km)
    return np.where(distance > cell_km, position * inside / np.maximum(distance, cell_km), position)


def sample_sizes(bounds: tuple[float, float], stream: Stream, *shape: int) -> np.ndarray:
    """Log-uniform sizes in MB on the given bounds."""
    low, high = np.log(bounds[0]), np.log(bounds[1])
    return np.clip(significant(np.exp(low + (high - low) * stream.uniform(*shape))), *bounds)
