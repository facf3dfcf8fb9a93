"""How a training explores: random caches, and actions near the actor's or anywhere."""

from __future__ import annotations

import torch
from torch import Tensor

from t2drl.settings import Settings
from t2drl.world.rng import Rng

CANDIDATES = (1, 4, 16)
"""Random caches of which the most popular is taken, while the allocator is trained alone."""
NOISE_LEFT = 0.2
"""The share of an action's exploration that is left at the end of a training."""


def popular_caches(caches: Tensor, requests: Tensor, rng: Rng) -> Tensor:
    """(B,) numbers of caches (F, M): of 1, 4 or 16 random ones that which most of the frame's ``requests`` (B, M) want.

    Good caches fill the edge, which random ones seldom do: both must be seen.
    """
    count = len(requests)
    tried = torch.tensor(CANDIDATES, device=rng.device)[rng.integers(len(CANDIDATES), (count, 1))]
    candidates = rng.integers(len(caches), (count, max(CANDIDATES)))
    hits = (caches[candidates] * requests[:, None]).sum(dim=-1)
    hits = torch.where(torch.arange(max(CANDIDATES), device=rng.device) < tried, hits, -1.0)
    return candidates.gather(1, hits.argmax(dim=1, keepdim=True))[:, 0]


def epsilon_greedy(q: Tensor, epsilon: float, rng: Rng) -> Tensor:
    """(B,) numbers of actions: uniform ones with probability ``epsilon``, else the best by their Q (B, F)."""
    count, actions = q.shape
    anything = rng.integers(actions, (count,))
    return torch.where(rng.uniform((count,)) < epsilon, anything, q.argmax(dim=1))


def epsilon_at(progress: float, settings: Settings) -> float:
    """From ``epsilon`` down to ``epsilon_end`` in the first half of the nested loops, ``progress`` of which is over."""
    return max(settings.epsilon_end, settings.epsilon + 2.0 * progress * (settings.epsilon_end - settings.epsilon))


def noisy_actions(raw: Tensor, progress: float, settings: Settings, rng: Rng) -> Tensor:
    """Actions near the raw ones, with normal noise, and some of their numbers anywhere in [-1, 1].

    Both grow less with the ``progress`` of a training in [0, 1] where the settings anneal.
    """
    left = 1.0 - (1.0 - NOISE_LEFT) * progress * settings.anneal
    near = raw + left * settings.noise * rng.normal(raw.shape)
    anywhere = 2.0 * rng.uniform(raw.shape) - 1.0
    replaced = rng.uniform(raw.shape) < left * settings.uniform_share
    return torch.where(replaced, anywhere, near)
