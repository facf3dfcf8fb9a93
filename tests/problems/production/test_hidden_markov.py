"""Popularity states found in counted requests."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from problems.production.hidden_markov import HiddenMarkov, fit_hidden_markov, information_criterion, log_likelihood
from problems.production.zipf import zipf_popularity

TRUTH = HiddenMarkov(
    transition=np.array([[0.9, 0.1], [0.2, 0.8]]),
    order=np.array([[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]]),
    skew=np.array([1.0, 1.5]),
)


def drawn(model: HiddenMarkov, frames: int, requests: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    popularity = zipf_popularity(model.order, model.skew)
    state, rows = 0, []
    for _ in range(frames):
        state = rng.choice(len(model.skew), p=model.transition[state])
        rows.append(rng.multinomial(rng.poisson(requests), popularity[state]))
    return np.array(rows)


def enumerated(model: HiddenMarkov, count: np.ndarray) -> float:
    """The log-likelihood by a sum over all paths of states."""
    logs = count @ np.log(zipf_popularity(model.order, model.skew)).T
    states, total = len(model.skew), -np.inf
    for path in np.ndindex(*(states,) * len(count)):
        moves = np.log([model.transition[i, j] for i, j in itertools.pairwise(path)]).sum()
        total = np.logaddexp(total, -np.log(states) + moves + sum(logs[t, j] for t, j in enumerate(path)))
    return float(total)


def test_the_likelihood_is_the_sum_over_all_paths() -> None:
    count = drawn(TRUTH, 7, 4, seed=3)
    count[2] = 0
    assert log_likelihood(TRUTH, count) == pytest.approx(enumerated(TRUTH, count), rel=1e-12)


def test_states_that_made_the_requests_are_found_again() -> None:
    count = drawn(TRUTH, 400, 40, seed=1)
    found = fit_hidden_markov(count, 2)
    assert np.array_equal(found.order, TRUTH.order)
    assert found.skew == pytest.approx(TRUTH.skew, abs=0.05)
    assert found.transition == pytest.approx(TRUTH.transition, abs=0.06)
    assert log_likelihood(found, count) >= log_likelihood(TRUTH, count) - 1


def test_the_criterion_prefers_as_many_states_as_there_are() -> None:
    count = drawn(TRUTH, 200, 30, seed=2)
    criterion = [information_criterion(fit_hidden_markov(count, states), count) for states in (1, 2, 3)]
    assert min(criterion) == criterion[1]


def test_the_same_counts_give_the_same_model() -> None:
    count = drawn(TRUTH, 60, 10, seed=4)
    first, again = fit_hidden_markov(count, 3), fit_hidden_markov(count, 3)
    assert np.array_equal(first.transition, again.transition)
    assert np.array_equal(first.order, again.order)
    assert first.transition.sum(axis=1) == pytest.approx(1.0)
    assert (first.transition > 0).all()
