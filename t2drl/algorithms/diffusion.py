"""Actors: a conditional diffusion chain run backwards, and the deterministic network that is its ablation."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from t2drl.algorithms.networks import pooled

LEAST_SLOPE = 0.25
"""Of the actors' tanh, for gradients that point back to 0."""
BETA_MIN, BETA_MAX = 0.1, 10.0
"""Of the variance-preserving schedule."""


class DeterministicActor(nn.Module):
    """A network with a tanh output: the ablation of a chain."""

    chain = 0

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, users: Tensor, active: Tensor, noise: Tensor) -> Tensor:
        """(B, N, A) in [-1, 1] from users (B, N, F) and who is active (B, N); ``noise`` is not looked at."""
        return bounded(self.body(users, active), active)


class DirectChain(nn.Module):
    """A reverse diffusion whose network predicts the action x_0 itself, through a tanh.

    From x_L ~ N(0, 1), x_{l-1} is drawn from q(x_{l-1} | x_l, x_0) with the predicted x_0 (Ho, Jain and
    Abbeel, Denoising Diffusion Probabilistic Models, 2020, equations 6 and 7); the last prediction is the action.
    """

    def __init__(self, body: nn.Module, chain: int) -> None:
        super().__init__()
        self.body = body
        self.chain = chain
        self.schedule = schedule(chain)

    def forward(self, users: Tensor, active: Tensor, noise: Tensor) -> Tensor:
        """(B, N, A) in [-1, 1] from users (B, N, F), who is active (B, N), and normal noise (chain, B, N, A)."""
        x = noise[-1]
        action = x
        for step in reversed(range(self.chain)):
            given = torch.cat([users, x, _time(step, self.chain, users)], dim=-1)
            action = bounded(self.body(given, active), active)
            if step > 0:
                of_x, of_action, deviation = self.schedule[step]
                x = of_action * action + of_x * x + deviation * noise[step - 1]
        return action


class NoiseChain(nn.Module):
    """A reverse diffusion whose network predicts the noise in x_l, as in the paper (DDPM, algorithm 2)."""

    def __init__(self, body: nn.Module, chain: int) -> None:
        super().__init__()
        self.body = body
        self.chain = chain
        self.schedule = schedule(chain)
        self.bars = alpha_bars(chain)

    def forward(self, users: Tensor, active: Tensor, noise: Tensor) -> Tensor:
        """(B, N, A) in [-1, 1] from users (B, N, F), who is active (B, N), and normal noise (chain, B, N, A)."""
        x = noise[-1]
        for step in reversed(range(self.chain)):
            bar = self.bars[step + 1]
            given = torch.cat([users, x, _time(step, self.chain, users)], dim=-1)
            predicted = torch.tanh(self.body(given, active))
            start = ((x - math.sqrt(1.0 - bar) * predicted) / math.sqrt(bar)).clamp(-1.0, 1.0)
            of_x, of_start, deviation = self.schedule[step]
            x = of_start * start + of_x * x + (deviation * noise[step - 1] if step > 0 else 0.0)
        return x.clamp(-1.0, 1.0)


def bounded(output: Tensor, active: Tensor) -> Tensor:
    """(B, N, A) in [-1, 1] by a tanh, the bandwidth's entries centred before.

    Only differences of these matter, so that no gradient would ever bring them back from where the tanh is flat.
    """
    mean = pooled(output[..., :1], active)
    return returning_tanh(torch.cat([output[..., :1] - mean, output[..., 1:]], dim=-1))


def returning_tanh(x: Tensor) -> Tensor:
    """A tanh whose slope never falls below ``LEAST_SLOPE`` for a gradient that points back to 0.

    What was pushed to where a tanh is flat, by a critic that knew little then, would stay there for good
    (compare the inverting gradients of Hausknecht and Stone, Deep reinforcement learning in parameterized action
    space, 2016, section 3.2).
    """
    result: Tensor = _ReturningTanh.apply(x)  # type: ignore[no-untyped-call]
    return result


class _ReturningTanh(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, x: Tensor) -> Tensor:
        y = torch.tanh(x)
        context.save_for_backward(y)
        return y

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        (y,), (gradient,) = context.saved_tensors, gradients
        slope = 1.0 - y * y
        back = gradient * y > 0  # a step down the gradient makes |x| smaller
        return gradient * torch.where(back, slope.clamp(min=LEAST_SLOPE), slope)


def alpha_bars(chain: int) -> list[float]:
    """The share of signal left after 0..chain steps of the variance-preserving schedule."""
    bars = [1.0]
    for step in range(1, chain + 1):
        exponent = -BETA_MIN / chain - 0.5 * (BETA_MAX - BETA_MIN) * (2 * step - 1) / chain**2
        bars.append(bars[-1] * math.exp(exponent))
    return bars


def schedule(chain: int) -> list[tuple[float, float, float]]:
    """For every step the weights of x_l and of x_0 in the mean of x_{l-1}, and its standard deviation."""
    bars = alpha_bars(chain)
    steps = []
    for step in range(1, chain + 1):
        alpha = bars[step] / bars[step - 1]
        rest = 1.0 - bars[step]
        of_x = math.sqrt(alpha) * (1.0 - bars[step - 1]) / rest
        of_start = math.sqrt(bars[step - 1]) * (1.0 - alpha) / rest
        steps.append((of_x, of_start, math.sqrt((1.0 - alpha) * (1.0 - bars[step - 1]) / rest)))
    return steps


def _time(step: int, chain: int, users: Tensor) -> Tensor:
    """(B, N, 1): how much of the chain is left, 1 at its start and 1 / chain at its last step."""
    return users.new_full((*users.shape[:2], 1), (step + 1) / chain)
