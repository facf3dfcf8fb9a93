"""The replay buffer."""

from __future__ import annotations

import torch

from t2drl.world.device import CPU
from t2drl.world.replay_buffer import ReplayBuffer
from t2drl.world.rng import Rng


def filled(capacity: int, batches: list[list[int]]) -> ReplayBuffer:
    buffer = ReplayBuffer(capacity, number=torch.zeros((), dtype=torch.long), pair=torch.zeros(2))
    for batch in batches:
        number = torch.tensor(batch)
        buffer.add(number=number, pair=torch.stack([number, -number], dim=1))
    return buffer


def test_the_oldest_rows_are_overwritten() -> None:
    buffer = filled(5, [[0, 1, 2], [3, 4, 5], [6]])
    assert sorted(buffer.columns["number"].tolist()) == [2, 3, 4, 5, 6]
    assert len(buffer) == 5
    assert buffer.written == 7


def test_a_sample_has_whole_rows_of_what_was_added_alone() -> None:
    buffer = filled(100, [[7, 8, 9]])
    assert len(buffer) == 3
    drawn = buffer.sample(64, Rng(torch.Generator().manual_seed(0), CPU))
    assert set(drawn["number"].tolist()) == {7, 8, 9}
    assert torch.equal(drawn["pair"], torch.stack([drawn["number"], -drawn["number"]], dim=1).float())
