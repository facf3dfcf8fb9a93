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
from t2drl.checkpoints.tensor_file import read_tensors, write_tensors
from t2drl.training.loop import Training
from t2drl.training.state import agent_of
from tests.cases import sampled
from tests.t2drl.trainings import with_former_names


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


def test_it_says_what_it_cost_and_which_traces_it_was_trained_on(file: Path) -> None:
    found = read_checkpoint(file)
    counts = found.header["counts"]
    assert counts["cpu_s"] > 0
    assert counts["slots"] == 64 * counts["played"]
    assert counts["slot_updates"] > 0
    assert found.was_trained_on(sampled("small", 0, 1_010_000))
    assert not found.was_trained_on(sampled("small", 0, 0))


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


def test_an_agent_of_version_0_1_is_read(file: Path, learnt: Training, tmp_path: Path) -> None:
    tensors, header = read_tensors(file, "t2bench-checkpoint")
    sha256 = write_tensors(tmp_path / "older", "t2bench-checkpoint", tensors, with_former_names(header))
    found = read_checkpoint(tmp_path / "older")
    assert found.sha256 == sha256 != header["sha256"]
    assert found.agent.settings == learnt.settings


def test_settings_out_of_their_domain_are_refused_in_one_line(file: Path, tmp_path: Path) -> None:
    tensors, header = read_tensors(file, "t2bench-checkpoint")
    header["settings"]["actor_lr"] = -1.0
    write_tensors(tmp_path / "odd", "t2bench-checkpoint", tensors, header)
    with pytest.raises(InputError, match=r"odd: actor_lr: -1\.0; must be > 0") as raised:
        read_checkpoint(tmp_path / "odd")
    assert "\n" not in str(raised.value)
