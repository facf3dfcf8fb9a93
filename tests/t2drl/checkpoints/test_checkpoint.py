"""What a checkpoint keeps and refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from problems.episode import slots_of
from problems.io.errors import InputError
from t2drl.checkpoints.checkpoint import read_checkpoint, read_unfinished, write_checkpoint
from t2drl.training.loop import Training
from t2drl.training.run import agent_of
from tests.cases import sampled


@pytest.fixture
def file(learnt: Training, tmp_path: Path) -> Path:
    write_checkpoint(learnt, tmp_path / "agent.safetensors")
    return tmp_path / "agent.safetensors"


def test_an_agent_that_was_read_decides_alike(file: Path, learnt: Training) -> None:
    instance = sampled("small", 0, 2)
    slots = slots_of(instance, np.ones((instance.frames, len(instance.models)), dtype=bool))
    first, second = agent_of(learnt), read_checkpoint(file).agent
    assert second.scenarios == learnt.scenarios
    assert second.settings == learnt.settings
    for one, other in zip(first.allocation().allocate(slots), second.allocation().allocate(slots), strict=True):
        np.testing.assert_array_equal(one, other)


def test_it_says_what_it_cost_and_which_traces_it_has_seen(file: Path) -> None:
    found = read_checkpoint(file)
    counts = found.header["counts"]
    assert counts["cpu_s"] > 0
    assert counts["slots"] == 64 * counts["played"]
    assert counts["slot_updates"] > 0
    assert found.has_seen(sampled("small", 0, 1_010_000))
    assert not found.has_seen(sampled("small", 0, 0))


def test_a_changed_weight_is_found_out(file: Path) -> None:
    with safe_open(file, framework="pt") as opened:
        metadata = opened.metadata()
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - it is no mapping
    tensors["users.mean"] = tensors["users.mean"] + torch.tensor(1e-12)
    save_file(tensors, file, metadata=metadata)
    with pytest.raises(InputError, match="it was changed"):
        read_checkpoint(file)


def test_what_is_no_checkpoint_is_refused_in_one_line(file: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no tensors here")
    for path in (tmp_path / "text", tmp_path / "missing", tmp_path):
        with pytest.raises(InputError, match=str(path)) as raised:
            read_checkpoint(path)
        assert "\n" not in str(raised.value)
    with pytest.raises(InputError, match="must be 't2bench-training'"):
        read_unfinished(file)
