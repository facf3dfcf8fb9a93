"""Exploration: how much, when, and of what."""

from __future__ import annotations

import pytest
import torch

from t2drl.settings import Settings, fast
from t2drl.training.exploration import NOISE_LEFT, epsilon_at, epsilon_greedy, noisy_actions, popular_caches
from t2drl.world.device import CPU
from t2drl.world.rng import Rng


@pytest.fixture
def rng() -> Rng:
    return Rng(torch.Generator().manual_seed(0), CPU)


def test_epsilon_falls_in_the_first_half_of_the_nested_loops() -> None:
    settings = fast(epsilon=0.9, epsilon_end=0.1)
    assert [epsilon_at(p, settings) for p in (0.0, 0.25, 0.5, 0.75, 1.0)] == pytest.approx([0.9, 0.5, 0.1, 0.1, 0.1])


def test_epsilon_is_the_share_of_uniform_actions(rng: Rng) -> None:
    q = torch.zeros((10_000, 5))
    q[:, 3] = 1.0
    assert (epsilon_greedy(q, 0.0, rng) == 3).all()
    drawn = torch.bincount(epsilon_greedy(q, 0.5, rng), minlength=5) / len(q)
    torch.testing.assert_close(drawn, torch.tensor([0.1, 0.1, 0.1, 0.6, 0.1]), atol=0.02, rtol=0)


def test_noise_is_near_and_anywhere_and_falls_where_it_anneals(rng: Rng) -> None:
    raw = torch.full((200, 100, 5), 0.5)
    none = fast(noise=0.0, uniform_share=0.0)
    assert torch.equal(noisy_actions(raw, 0.0, none, rng), raw)

    def deviation(settings: Settings, progress: float) -> float:
        return float((noisy_actions(raw, progress, settings, rng) - raw).std())

    near = fast(noise=0.2, uniform_share=0.0)
    assert deviation(near, 0.0) == pytest.approx(0.2, rel=0.02)
    assert deviation(near, 1.0) == pytest.approx(0.2 * NOISE_LEFT, rel=0.02)
    assert deviation(fast(noise=0.2, uniform_share=0.0, anneal=False), 1.0) == pytest.approx(0.2, rel=0.02)
    anywhere = noisy_actions(raw, 0.0, fast(noise=0.0, uniform_share=0.3), rng)
    assert float((anywhere != raw).float().mean()) == pytest.approx(0.3, abs=0.01)
    assert anywhere.abs().max() <= 1.0


def test_popular_caches_hit_more_requests_than_random_ones(rng: Rng) -> None:
    caches = torch.rand((64, 8), generator=rng.generator) < 0.5
    requests = rng.integers(10, (5_000, 8)).float()
    chosen = popular_caches(caches, requests, rng)
    assert chosen.shape == (5_000,)
    hits = (caches[chosen] * requests).sum(dim=1).mean()
    assert hits > 1.15 * (caches.float() @ requests.T).mean()
    assert len(chosen.unique()) > 32
