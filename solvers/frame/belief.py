"""What an online policy that knows the demand process believes about the popularity state."""

from __future__ import annotations

import numpy as np

from problems.episode import FrameView
from problems.scenario import Demand


def known_demand(frame: FrameView) -> Demand:
    """The demand process. Raises ValueError where the policy is not told it: its tier is not model-based."""
    if frame.demand is None:
        raise ValueError("the demand process is unknown here; a policy that needs it must have a model-based tier")
    return frame.demand


def state_belief(frame: FrameView) -> np.ndarray:
    """(J,) probabilities of the present state z_t.

    Where the state is observed it is certain. Else the past requests are filtered by Bayes' rule
    along the Markov chain (Rabiner, A tutorial on hidden Markov models, 1989, section III.A).
    """
    demand = known_demand(frame)
    if frame.state is not None:
        return np.eye(len(demand.skew))[frame.state]
    belief = demand.stationary[None]
    for past in frame.past:
        asked = past.request[past.request >= 0]
        belief = filtered(demand, belief, np.bincount(asked, minlength=len(frame.catalogue))[None])
    return belief[0]


def filtered(demand: Demand, belief: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """(B, J): what is believed of the next frame after so many requests a model (B, M), and a belief (B, J) before."""
    likelihood = asked @ np.log(np.maximum(demand.popularity, 1e-300)).T
    # a state that is ruled out may explain the requests far better: its weight is 0, not 0 times infinity
    top = np.where(belief > 0, likelihood, -np.inf).max(axis=1, keepdims=True)
    weight = belief * np.exp(np.minimum(likelihood - top, 0.0))
    after: np.ndarray = (weight / weight.sum(axis=1, keepdims=True)) @ np.array(demand.transition)
    return after


def believed_popularity(frame: FrameView) -> np.ndarray:
    """(M,) probability that an active user asks for each model in the frame that begins."""
    popularity: np.ndarray = state_belief(frame) @ known_demand(frame).popularity
    return popularity
