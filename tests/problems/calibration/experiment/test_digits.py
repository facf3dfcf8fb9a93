"""The data and how they are shown."""

from __future__ import annotations

import torch

from problems.calibration.experiment.digits import digits, ink


def test_there_are_1797_digits_from_white_to_black() -> None:
    pictures, labels = digits()
    assert pictures.shape == (1797, 1, 8, 8)
    assert (float(pictures.min()), float(pictures.max())) == (-1.0, 1.0)
    assert (float(ink(pictures).min()), float(ink(pictures).max())) == (0.0, 1.0)
    assert labels.bincount().min() > 150
    assert len(labels) == 1797


def test_pixels_beyond_black_and_white_are_cut_off() -> None:
    assert ink(torch.tensor([-3.0, -1.0, 0.0, 1.0, 3.0])).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
