"""The belief about a hidden state against an enumeration of all paths that the chain may have taken."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from problems.episode import FrameView, frame_views
from solvers.frame.belief import believed_popularity, state_belief
from tests.cases import Document, as_instance, random_document, sampled


def views(document: Document) -> list[FrameView]:
    instance = as_instance(document)
    return list(frame_views(instance, np.zeros((instance.frames, len(instance.models)))))


def hidden(seed: int, transition: list[list[float]], frames: int = 5, **options: Any) -> Document:
    """A trace whose states nobody observes, with a chain of one's own."""
    document = random_document(seed, shape=(frames, 2, 3), **options)
    states, models = len(transition), len(document["models"])
    rng = np.random.default_rng(seed)
    document["demand"].update(
        transition=transition,
        skew=[0.3 + 0.7 * j for j in range(states)],
        ranking=[rng.permutation(models).tolist() for _ in range(states)],
        state_observed=False,
    )
    document["trace"]["state"] = [-1] * frames
    return document


def probability(document: Document, state: int, model: int) -> float:
    rank, skew = document["demand"]["ranking"][state], document["demand"]["skew"][state]
    weights = [(place + 1) ** -skew for place in range(len(rank))]
    return float(weights[rank.index(model)] / math.fsum(weights))


def by_enumeration(document: Document, frame: int, start: np.ndarray) -> list[float]:
    """P(z_t | the requests before frame t), summed over all paths of states."""
    transition = document["demand"]["transition"]
    states = range(len(transition))
    total = [0.0 for _ in states]
    for path in itertools.product(states, repeat=frame + 1):
        weight = float(start[path[0]])
        for before, after in itertools.pairwise(path):
            weight *= transition[before][after]
        for state, slots in zip(path[:-1], document["trace"]["request"], strict=False):
            weight *= math.prod(probability(document, state, m) for slot in slots for m in slot if m >= 0)
        total[path[-1]] += weight
    return [value / math.fsum(total) for value in total]


CHAINS = {
    "lazy": [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.25, 0.25, 0.5]],
    "periodic": [[0.0, 1.0], [1.0, 0.0]],
    "absorbing": [[0.5, 0.3, 0.2], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    "single": [[1.0]],
}


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("seed", range(4))
def test_the_belief_is_that_of_all_paths(chain: str, seed: int) -> None:
    document = hidden(seed, CHAINS[chain], idle=0.3)
    start = as_instance(document).demand.stationary
    for frame, view in enumerate(views(document)):
        belief = state_belief(view)
        assert belief == pytest.approx(by_enumeration(document, frame, start), rel=1e-10, abs=1e-14)
        assert belief.sum() == pytest.approx(1.0)
        expected = [
            sum(belief[j] * probability(document, j, m) for j in range(len(belief)))
            for m in range(len(document["models"]))
        ]
        assert believed_popularity(view) == pytest.approx(expected)


def test_before_anything_happened_it_is_the_long_run_share() -> None:
    document = hidden(0, CHAINS["lazy"])
    belief = state_belief(views(document)[0])
    transition = np.array(CHAINS["lazy"])
    assert belief @ transition == pytest.approx(belief, abs=2e-3)


def test_an_observed_state_is_certain() -> None:
    document = random_document(0)
    for state, view in zip(document["trace"]["state"], views(document), strict=True):
        assert state_belief(view).tolist() == [float(j == state) for j in range(2)]


def test_without_requests_nothing_is_learned() -> None:
    document = hidden(1, CHAINS["lazy"])
    document["trace"]["request"] = [[[-1] * 3] * 2 for _ in range(5)]
    start = as_instance(document).demand.stationary
    for frame, view in enumerate(views(document)):
        assert state_belief(view) == pytest.approx(start @ np.linalg.matrix_power(CHAINS["lazy"], frame))


def test_many_requests_settle_it_without_underflow() -> None:
    """Thousands of requests, whose joint probability is far below the least float."""
    document = hidden(2, CHAINS["lazy"], frames=2)
    document["demand"]["ranking"] = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2]]
    document["demand"]["skew"] = [2.0, 2.0, 2.0]
    document["system"].update(step_budget=4000, forced_edge=False)
    shape = (2, 10, 300)
    for name, value in (("request", 3), ("gain", 1e-10), ("input_mb", 1.0), ("output_mb", 1.0)):
        document["trace"][name] = np.full(shape, value).tolist()
    belief = state_belief(views(document)[1])
    assert belief == pytest.approx(CHAINS["lazy"][1], abs=1e-12)


def test_requests_that_contradict_the_chain_leave_a_belief() -> None:
    """The chain must alternate; the requests always look like its first state."""
    document = hidden(3, CHAINS["periodic"], frames=4)
    document["demand"].update(ranking=[[0, 1, 2, 3], [0, 1, 2, 3]], skew=[4.0, 0.0])
    document["system"].update(step_budget=4000, forced_edge=False)
    shape = (4, 10, 200)
    for name, value in (("request", 0), ("gain", 1e-10), ("input_mb", 1.0), ("output_mb", 1.0)):
        document["trace"][name] = np.full(shape, value).tolist()
    beliefs = [state_belief(view) for view in views(document)]
    assert np.isfinite(beliefs).all()
    assert [belief.argmax() for belief in beliefs[1:]] == [1, 0, 1]


def test_a_policy_that_is_not_told_the_demand_process_cannot_believe() -> None:
    instance = sampled("tiny")
    view = next(frame_views(instance, np.zeros((instance.frames, len(instance.models)))))
    with pytest.raises(ValueError, match="must have a model-based tier"):
        state_belief(replace(view, demand=None))
