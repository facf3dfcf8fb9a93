"""A generation's time is the median of warm repetitions."""

from __future__ import annotations

import pytest
import torch

from problems.calibration.experiment import timing
from problems.calibration.experiment.timing import REPETITIONS, generation_seconds


def test_the_median_of_what_both_clocks_say_after_a_first_one_that_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, generated = {"wall": 0.0, "cpu": 0.0}, []

    def sample(model: object, steps: int, chain: str, requests: int, seed: int) -> object:
        """Takes 100 s while it warms up, then 3, 1 and 2 s, half of it on the processor."""
        seconds = (100.0, 3.0, 1.0, 2.0)[len(generated)]
        generated.append((steps, chain, requests))
        clock["wall"] += seconds
        clock["cpu"] += seconds / 2
        return torch.zeros(requests, 1, 8, 8)

    monkeypatch.setattr(timing, "sample", sample)
    monkeypatch.setattr(timing.time, "perf_counter", lambda: clock["wall"])
    monkeypatch.setattr(timing.time, "thread_time", lambda: clock["cpu"])
    seconds = generation_seconds(torch.nn.Identity(), 8, "planned", 3)
    monkeypatch.undo()
    assert (seconds.wall, seconds.cpu) == (2.0, 1.0)
    assert generated == [(2, "planned", 3), *[(8, "planned", 3)] * REPETITIONS]
