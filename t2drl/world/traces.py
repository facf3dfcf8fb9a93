"""The traces that a learner trains on: sampled from the scenario, with seeds that no judge uses."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from problems.families.sampling import sample_trace
from problems.instance import Instance, Trace
from problems.scenario import Scenario
from problems.seeds import SEEDS_A_TRAINING, TRAINING_SEEDS

FEWEST_TRACES, MOST_TRACES = 4, 1_024


@dataclass(frozen=True, eq=False)
class TrainingTraces:
    """P traces of one scenario."""

    state: np.ndarray
    """(P, T) int."""
    request: np.ndarray
    """(P, T, K, N) int; -1 idle."""
    gain: np.ndarray
    """(P, T, K, N) linear channel power gain."""
    input_mb: np.ndarray
    """(P, T, K, N) MB."""
    output_mb: np.ndarray
    """(P, T, K, N) MB."""
    digests: frozenset[str]
    """Of every trace, as by :func:`trace_digest`."""


def training_traces(scenario: Scenario, seed: int, slots: int) -> TrainingTraces:
    """As many traces as make about ``slots`` slots, 4 to 1,024; a function of the scenario and the seed."""
    count = int(np.clip(-(-slots // (scenario.frames * scenario.slots)), FEWEST_TRACES, MOST_TRACES))
    first = first_seed(seed)
    traces = [sample_trace(scenario, first + number) for number in range(count)]
    names = ("state", "request", "gain", "input_mb", "output_mb")
    stacked = {name: np.stack([getattr(trace, name) for trace in traces]) for name in names}
    return TrainingTraces(**stacked, digests=frozenset(trace_digest(trace) for trace in traces))


def first_seed(training_seed: int) -> int:
    """The seed of the first trace of a training."""
    return TRAINING_SEEDS + training_seed * SEEDS_A_TRAINING


def trace_digest(trace: Trace) -> str:
    """Sixteen hexadecimal digits of a trace's content."""
    digest = hashlib.sha256()
    for array in (trace.state, trace.request):
        digest.update(array.astype("<i8").tobytes())
    for array in (trace.gain, trace.input_mb, trace.output_mb):
        digest.update(array.astype("<f8").tobytes())
    return digest.hexdigest()[:16]


def scenario_of(instance: Instance) -> Scenario:
    """The scenario of an instance, of its trace nothing but the extent."""
    return Scenario(
        family=instance.family or "unnamed",
        scenario_seed=instance.scenario_seed or 0,
        frames=instance.frames,
        slots=instance.slots,
        users=instance.users,
        models=instance.models,
        system=instance.system,
        demand=instance.demand,
    )
