"""A chain that is stopped, and one that was planned so short."""

from __future__ import annotations

import torch

from problems.calibration.experiment.networks import network
from problems.calibration.experiment.sampling import SCHEDULE, sample, walk


def test_a_stopped_chain_holds_what_the_whole_one_held_then() -> None:
    torch.manual_seed(0)
    model = network(8).eval()
    whole = walk(model, requests=3, seed=4)
    assert len(whole) == SCHEDULE
    for steps in (1, 7, SCHEDULE):
        assert torch.equal(sample(model, steps, "stopped", requests=3, seed=4), whole[steps - 1])
    assert torch.equal(sample(model, SCHEDULE, "planned", requests=3, seed=4), whole[-1])
