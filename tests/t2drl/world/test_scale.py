"""Standardising."""

from __future__ import annotations

import torch

from t2drl.world.scale import LARGEST, Scale


def test_columns_have_mean_0_and_deviation_1() -> None:
    values = torch.rand((500, 3), generator=torch.Generator().manual_seed(0)).double() * 50 - 7
    scaled = Scale.of(values).apply(values)
    assert scaled.dtype == torch.float
    torch.testing.assert_close(scaled.mean(dim=0), torch.zeros(3), atol=1e-5, rtol=0)
    torch.testing.assert_close(scaled.std(dim=0, correction=0), torch.ones(3), atol=1e-5, rtol=0)


def test_a_column_without_variance_keeps_its_unit_and_outliers_are_cut_off() -> None:
    scale = Scale.of(torch.tensor([[3.0, 0.0], [3.0, 2.0]]))
    assert scale.apply(torch.tensor([[5.0, 1e9]])).tolist() == [[2.0, LARGEST]]
