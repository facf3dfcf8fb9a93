"""Pictures from a trained network in a given number of denoising steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import torch
from torch import Tensor, nn

from problems.calibration.experiment.networks import DIGITS, SIDE, sampling_noise

SCHEDULE = 40
"""Steps of the whole way from noise to picture, where it is stopped early."""

Chain = Literal["stopped", "planned"]
"""What s steps mean: the first s of ``SCHEDULE``, or a way of its own from noise to picture."""


@torch.inference_mode()
def sample(model: nn.Module, steps: int, chain: Chain, requests: int, seed: int) -> Tensor:
    """(requests, 1, 8, 8): what the chain holds after its steps; picture n shows the digit n mod 10."""
    length = SCHEDULE if chain == "stopped" else steps
    return next(picture for done, picture in enumerate(_walk(model, length, requests, seed), 1) if done == steps)


@torch.inference_mode()
def walk(model: nn.Module, requests: int, seed: int) -> list[Tensor]:
    """What the whole chain of ``SCHEDULE`` steps holds after each of them."""
    return list(_walk(model, SCHEDULE, requests, seed))


def _walk(model: nn.Module, length: int, requests: int, seed: int) -> Iterator[Tensor]:
    scheduler = sampling_noise(length)
    picture = torch.randn(requests, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))
    digit = torch.arange(requests) % DIGITS
    for level in scheduler.timesteps:
        picture = scheduler.step(model(picture, level, class_labels=digit).sample, level, picture).prev_sample
        yield picture
