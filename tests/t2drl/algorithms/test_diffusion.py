"""Actors: what goes in decides what comes out, within bounds."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from t2drl.algorithms.diffusion import (
    LEAST_SLOPE,
    DeterministicActor,
    DirectChain,
    NoiseChain,
    alpha_bars,
    returning_tanh,
    schedule,
)


class Knows(nn.Module):
    """A body that says the same whatever it is given, and counts how often it is asked."""

    def __init__(self, answer: Tensor) -> None:
        super().__init__()
        self.answer, self.asked = answer, 0

    def forward(self, users: Tensor, active: Tensor) -> Tensor:
        self.asked += 1
        return self.answer


@pytest.mark.parametrize("chain", [1, 2, 5])
def test_a_body_that_knows_the_action_gives_it_from_any_noise(chain: int) -> None:
    generator = torch.Generator().manual_seed(0)
    answer = torch.randn((3, 4, 5), generator=generator)
    answer[..., 0] -= answer[..., 0].mean(dim=1, keepdim=True)
    body, active = Knows(answer), torch.ones((3, 4), dtype=torch.bool)
    users, noise = torch.randn((3, 4, 13), generator=generator), torch.randn((chain, 3, 4, 5), generator=generator)
    torch.testing.assert_close(DirectChain(body, chain)(users, active, noise), answer.tanh())
    assert body.asked == chain
    torch.testing.assert_close(DeterministicActor(body)(users, active, noise), answer.tanh())


@pytest.mark.parametrize("chain", [1, 2, 5])
def test_whatever_a_chain_is_told_its_action_is_bounded(chain: int) -> None:
    generator = torch.Generator().manual_seed(0)
    body, active = Knows(100 * torch.randn((3, 4, 5), generator=generator)), torch.ones((3, 4), dtype=torch.bool)
    users, noise = torch.randn((3, 4, 13), generator=generator), torch.randn((chain, 3, 4, 5), generator=generator)
    for actor in (DirectChain(body, chain), NoiseChain(body, chain)):
        assert actor(users, active, noise).abs().max() <= 1.0


@pytest.mark.parametrize("chain", [1, 2, 5, 20])
def test_the_schedule_is_that_of_the_forward_process(chain: int) -> None:
    """Noised to the end and drawn back a step, x_{l-1} has the mean and the variance of the forward process."""
    bars = alpha_bars(chain)
    assert bars == sorted(bars, reverse=True)
    assert 0 < bars[-1] < bars[0] == 1.0
    for step, (of_x, of_start, deviation) in enumerate(schedule(chain), start=1):
        assert of_x * math.sqrt(bars[step]) + of_start == pytest.approx(math.sqrt(bars[step - 1]))
        assert of_x**2 * (1 - bars[step]) + deviation**2 == pytest.approx(1 - bars[step - 1], abs=1e-12)


def test_the_tanh_keeps_a_slope_back_to_0_alone() -> None:
    for sign, slope in ((1.0, LEAST_SLOPE), (-1.0, 0.0)):
        x = torch.tensor([-20.0, 20.0], requires_grad=True)
        y = returning_tanh(x)
        torch.testing.assert_close(y, x.tanh())
        torch.autograd.backward((sign * y * y.detach()).sum())
        assert x.grad is not None
        torch.testing.assert_close(x.grad, sign * slope * x.detach().sign())
