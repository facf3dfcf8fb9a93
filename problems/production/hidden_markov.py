"""A hidden Markov model of popularity: which state each frame was in, and what its users asked for.

The states' popularities are Zipf laws with an order and an exponent of their own, as the demand process
has them; libraries of hidden Markov models offer free probabilities alone, which would have to be bent into
the law after the fit. Baum and Welch's algorithm: Rabiner, A tutorial on hidden Markov models, 1989, section III.C.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.production.zipf import fit_zipf, zipf_popularity

MOST_ITERATIONS = 300
GAIN_TO_GO_ON = 1e-3
"""Least gain in log-likelihood that is worth another iteration."""
MOVES_SEEN_BEFORE = 1.0
"""Added to each state's moves to each other (a Dirichlet prior), so that no move is thought impossible."""
STARTS = 8


@dataclass(frozen=True, eq=False)
class HiddenMarkov:
    """J popularity states of M models."""

    transition: np.ndarray
    """(J, J), row-stochastic."""
    order: np.ndarray
    """(J, M): in each state the models from the most to the least popular."""
    skew: np.ndarray
    """(J,): the Zipf exponents."""

    @property
    def free_parameters(self) -> int:
        """Moves, exponents and places in the orders: what the fit could choose."""
        states, models = self.order.shape
        return states * (states - 1) + states * models


@dataclass(frozen=True, eq=False)
class _Smoothed:
    log_likelihood: float
    share: np.ndarray
    """(T, J): probability of each state in each frame."""
    moves: np.ndarray
    """(J, J): expected moves."""


def fit_hidden_markov(count: np.ndarray, states: int, seed: int = 0) -> HiddenMarkov:
    """The most likely model for requests counted by frame and model, (T, M), of several random starts.

    A frame without requests says nothing of its state. States stand in the order of their shares of the frames.
    """
    best: tuple[float, HiddenMarkov, np.ndarray] | None = None
    for start in range(STARTS if states > 1 else 1):
        share = np.random.default_rng((seed, start)).dirichlet(np.full(states, 0.3), size=len(count))
        found = _climb(count, share)
        if best is None or found[0] > best[0]:
            best = found
    assert best is not None
    _, model, share = best
    by_share = np.argsort(-share.sum(axis=0), kind="stable")
    return HiddenMarkov(model.transition[np.ix_(by_share, by_share)], model.order[by_share], model.skew[by_share])


def log_likelihood(model: HiddenMarkov, count: np.ndarray) -> float:
    """Of the requests (T, M) given how many there were in each frame; every state is as likely at the start."""
    return _smooth(model, count).log_likelihood


def information_criterion(model: HiddenMarkov, count: np.ndarray) -> float:
    """Schwarz's BIC, the lower the better; the sample is the frames that have a request."""
    frames = int((count.sum(axis=1) > 0).sum())
    return model.free_parameters * float(np.log(max(frames, 1))) - 2 * log_likelihood(model, count)


def _climb(count: np.ndarray, share: np.ndarray) -> tuple[float, HiddenMarkov, np.ndarray]:
    states = share.shape[1]
    model = HiddenMarkov(0.1 / states + 0.9 * np.eye(states), *fit_zipf(share.T @ count))
    reached = -np.inf
    for _ in range(MOST_ITERATIONS):
        smoothed = _smooth(model, count)
        if smoothed.log_likelihood < reached + GAIN_TO_GO_ON:
            break
        reached = smoothed.log_likelihood
        moves = smoothed.moves + MOVES_SEEN_BEFORE
        model = HiddenMarkov(moves / moves.sum(axis=1, keepdims=True), *fit_zipf(smoothed.share.T @ count))
    return smoothed.log_likelihood, model, smoothed.share


def _smooth(model: HiddenMarkov, count: np.ndarray) -> _Smoothed:
    """Forwards and backwards through the frames, scaled frame by frame."""
    logs = count @ np.log(zipf_popularity(model.order, model.skew)).T
    top = logs.max(axis=1, keepdims=True)
    weight = np.exp(logs - top)
    frames, states = weight.shape
    forward, scale = np.empty((frames, states)), np.empty(frames)
    ahead = np.full(states, 1 / states)
    for t in range(frames):
        joint = ahead * weight[t]
        scale[t] = joint.sum()
        forward[t] = joint / scale[t]
        ahead = forward[t] @ model.transition
    backward = np.ones((frames, states))
    for t in range(frames - 2, -1, -1):
        backward[t] = model.transition @ (weight[t + 1] * backward[t + 1]) / scale[t + 1]
    later = weight[1:] * backward[1:] / scale[1:, None]
    moves = model.transition * (forward[:-1].T @ later)
    return _Smoothed(float(np.log(scale).sum() + top.sum()), forward * backward, moves)
