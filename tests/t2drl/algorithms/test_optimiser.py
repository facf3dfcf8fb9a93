"""A step, the target networks and the learning rates."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from t2drl.algorithms.optimiser import LAST_RATE, anneal, descend, polyak_update


def test_a_step_goes_down_the_gradient_no_farther_than_its_norm_is_allowed() -> None:
    module = nn.Linear(2, 1, bias=False)
    before = module.weight.detach().clone()
    direction = torch.tensor([[3.0, 4.0]])
    for _ in range(2):  # no gradient is left over from the first
        descend(torch.optim.SGD(module.parameters(), lr=0.5), module, (100.0 * module.weight * direction).sum(), 1.0)
    torch.testing.assert_close(module.weight.detach(), before - 2 * 0.5 * direction / 5.0)


def test_the_target_moves_its_share_of_the_way() -> None:
    target, source = nn.Linear(3, 2), nn.Linear(3, 2)
    expected = 0.75 * target.weight.detach() + 0.25 * source.weight.detach()
    polyak_update(target, source, 0.25)
    torch.testing.assert_close(target.weight.detach(), expected)


@pytest.mark.parametrize(("progress", "share"), [(0.0, 1.0), (0.5, 0.5 * (1 + LAST_RATE)), (1.0, LAST_RATE)])
def test_a_rate_falls_along_half_a_cosine(progress: float, share: float) -> None:
    optimiser = torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=9.0)
    anneal(optimiser, 0.2, progress)
    assert optimiser.param_groups[0]["lr"] == pytest.approx(0.2 * share)
