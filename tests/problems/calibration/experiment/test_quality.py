"""Total variation and the distance to the data."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from problems.calibration.experiment.digits import digits
from problems.calibration.experiment.quality import Eyes, frechet_distance, total_variation


def test_total_variation_counts_each_pair_of_neighbours_once() -> None:
    picture = torch.full((1, 1, 8, 8), -1.0)
    picture[0, 0, 3, 3] = 9.0
    assert total_variation(picture) == pytest.approx(4.0)


def test_digits_are_nearer_to_digits_than_noise_is() -> None:
    pictures, eyes = digits()[0], Eyes()
    some = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(0))[:100]
    noise = torch.randn(100, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    assert eyes.distance(pictures[some]) < 0.1 * eyes.distance(noise)


def test_the_distance_between_normal_samples_is_the_textbook_s() -> None:
    random = np.random.default_rng(0)
    one = torch.tensor(random.normal(size=(200_000, 2)))
    other = one * torch.tensor([2.0, 1.0]) + torch.tensor([0.0, 3.0])
    assert frechet_distance(one, other) == pytest.approx(1.0 + 9.0, rel=0.02)
