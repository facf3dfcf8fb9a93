"""Frames that the demand process may bring: what a policy plans on that knows the scenario, but not the future."""

from __future__ import annotations

import numpy as np

from problems.episode import FrameView
from problems.families.sampling import Stream, sample_gain, sample_sizes
from problems.instance import IDLE, Instance, Trace, of_scenario
from problems.scenario import Scenario
from solvers.frame.belief import known_demand

LONGEST_WALK = 100
"""Frames, beyond which users are no longer followed on their way: they have forgotten where they started."""


def known_scenario(frame: FrameView) -> Scenario:
    """The scenario as a model-based policy knows it; the same in every frame, and hashable.

    Raises ValueError where the policy is not told the demand process.
    """
    return Scenario(
        family="known",
        frames=frame.frames,
        slots=frame.slots,
        users=frame.users,
        models=frame.models,
        system=frame.system,
        demand=known_demand(frame),
    )


class Stratified(Stream):
    """A stream whose numbers, in every place along the first axis, fall one into each of as many equal strata.

    Each row alone is uniform and independent, as in any stream; averages over the rows are far more
    certain where costs are nearly sums over requests (Latin hypercube sampling: McKay, Beckman
    and Conover, A comparison of three methods, 1979; Stein, Large sample properties, 1987).
    """

    def uniform(self, *shape: int) -> np.ndarray:
        """Numbers in [0, 1) of the given shape."""
        stratum = np.argsort(super().uniform(*shape), axis=0)
        numbers: np.ndarray = (stratum + super().uniform(*shape)) / max(shape[0], 1)
        return np.minimum(numbers, np.nextafter(1.0, 0.0))


def sampled_frames(scenario: Scenario, states: np.ndarray, *words: object) -> Instance:
    """An instance of independent frames, one for each of ``states`` (R,).

    Requests, sizes and users are drawn as in :mod:`problems.families.sampling`, but requests and sizes are
    stratified over the frames. Equal words give equal frames.
    """
    demand = scenario.demand
    shape = (len(states), scenario.slots, scenario.users)
    cumulative = np.cumsum(demand.popularity, axis=1)[states]
    drawn = Stratified(*words, "request").uniform(*shape)
    request = (drawn[..., None] >= cumulative[:, None, None, :]).sum(axis=-1)
    idle = Stratified(*words, "activity").uniform(*shape) >= demand.activity
    trace = Trace(
        state=states,
        request=np.where(idle, IDLE, np.minimum(request, len(scenario.models) - 1)),
        gain=_gains(scenario, len(states), *words),
        input_mb=sample_sizes(demand.input_mb, Stratified(*words, "input_mb"), *shape),
        output_mb=sample_sizes(demand.output_mb, Stratified(*words, "output_mb"), *shape),
    )
    return of_scenario(scenario, trace, None, "sampled")


def _gains(scenario: Scenario, samples: int, *words: object) -> np.ndarray:
    """(R, K, N): the gains of users who walk through a trace of their own and are seen in one frame of it.

    The frames are spread evenly along the trace, up to ``LONGEST_WALK`` of them: the walk starts
    uniform in the cell and need not stay so.
    """
    frames, slots = min(scenario.frames, LONGEST_WALK), scenario.slots
    walk = sample_gain(scenario.demand, Stream(*words, "gain"), frames * slots, samples * scenario.users)
    sample = np.arange(samples)
    seen = (2 * sample + 1) * frames // (2 * max(samples, 1))
    gains: np.ndarray = walk.reshape(frames, slots, samples, scenario.users)[seen, :, sample]
    return gains
