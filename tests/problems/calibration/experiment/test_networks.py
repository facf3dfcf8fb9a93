"""The noise that networks take away."""

from __future__ import annotations

import itertools

import pytest
import torch

from problems.calibration.experiment.networks import (
    DIGITS,
    NOISE_LEVELS,
    SIDE,
    network,
    sampling_noise,
    training_noise,
)


@pytest.mark.parametrize("steps", [1, 4, 8, 40])
def test_levels_are_spread_evenly_from_pure_noise_down(steps: int) -> None:
    levels = sampling_noise(steps).timesteps.tolist()
    assert len(levels) == steps
    assert levels[0] == NOISE_LEVELS - 1
    gaps = {round(high - low) for high, low in itertools.pairwise(levels)}
    assert gaps <= {NOISE_LEVELS // steps, -(-NOISE_LEVELS // steps)}


def test_training_and_sampling_share_the_schedule_from_clean_to_noise() -> None:
    """As much signal and noise at every level, from nearly all signal to nearly none."""
    training, sampling = training_noise(), sampling_noise(10)
    assert torch.equal(training.alphas_cumprod, sampling.alphas_cumprod)
    assert training.alphas_cumprod[0] > 0.999
    assert training.alphas_cumprod[-1] < 1e-6


def test_a_network_answers_for_every_digit_differently() -> None:
    torch.manual_seed(0)
    model = network(8).eval()
    picture = torch.zeros(DIGITS, 1, SIDE, SIDE)
    with torch.inference_mode():
        answers = model(picture, 500, class_labels=torch.arange(DIGITS)).sample
    assert answers.shape == picture.shape
    assert len({tuple(answer.ravel().tolist()) for answer in answers}) == DIGITS
