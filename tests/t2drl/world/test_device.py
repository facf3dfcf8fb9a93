"""Placement on a device, without one: on PyTorch's device of shapes without values, watched operation by operation."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from problems.families.named import family_scenario
from problems.io.errors import InputError
from t2bench.cli.main import main
from t2drl.checkpoints.checkpoint import read_checkpoint, read_unfinished, write_checkpoint, write_unfinished
from t2drl.checkpoints.tensor_file import read_tensors, write_tensors
from t2drl.settings import paper
from t2drl.training import loop as training_module
from t2drl.training.loop import Training
from t2drl.world.device import CPU, device_of, moved
from tests.t2drl.trainings import TINIEST, played, tiny_settings

META = torch.device("meta")
MOVES = (torch.ops.aten._to_copy.default, torch.ops.aten.copy_.default)
"""What may see two devices at once."""


class OneDevice(TorchDispatchMode):
    """Fails where an operation mixes tensors of two devices."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        leaves = tree_leaves((args, kwargs or {}))
        devices = {leaf.device.type for leaf in leaves if isinstance(leaf, Tensor) and leaf.dim() > 0}
        assert len(devices) < 2 or func in MOVES, f"{func}: {sorted(devices)}"
        return func(*args, **(kwargs or {}))


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.mark.parametrize("algorithm", ["d3pg", "ddpg", "paper"])
def test_frames_and_updates_keep_to_the_device(algorithm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = family_scenario("drift", 0)
    settings = paper(**TINIEST) if algorithm == "paper" else tiny_settings(algorithm=algorithm, **TINIEST)
    monkeypatch.setattr(torch.optim, "Adam", partial(_without_fusing, torch.optim.Adam))
    for name in ("FIRST_SLOTS", "FIRST_FRAMES"):
        monkeypatch.setattr(training_module, name, 1)
    training = Training((scenario,), settings, 2 * scenario.slots, seed=0, device=META)
    with OneDevice():
        while not training.done:
            training.play_frame()
    counts, (experience,) = training.counts, training.experience
    assert counts.slot_updates > 0
    assert counts.frame_updates > 0
    placed = [*training.allocator.actor.parameters(), *training.cacher.network.parameters()]
    placed += [*experience.slots.columns.values(), *experience.frames.columns.values()]
    placed += [experience.environment.episodes.cache, experience.environment.slots.features]
    assert {tensor.device.type for tensor in placed} == {"meta"}


def _without_fusing(adam: Any, parameters: Any, lr: float, fused: bool) -> Any:
    """The fused kernel is not for a device without values; where its tensors lie is the same."""
    return adam(parameters, lr=lr)


def test_a_tensor_on_another_device_is_found_out() -> None:
    with OneDevice(), pytest.raises(AssertionError, match="meta"):
        torch.cat([torch.ones(2, device=META), torch.ones(2)])


def test_everything_in_dataclasses_is_moved() -> None:
    training = Training((family_scenario("tiny", 0),), tiny_settings(**TINIEST), 10, seed=0)
    environment = training.experience[0].environment
    there = moved(environment, META)
    parts = (there.slots.slots.catalogue.size_gb, there.slots.slots.gain, there.frames.requests, there.episodes.cache)
    assert {part.device for part in parts} == {META}
    assert there.scenario is environment.scenario


def test_what_is_in_memory_stays_what_it_is() -> None:
    tensor = torch.zeros(2)
    assert moved(tensor, CPU) is tensor


@pytest.mark.usefixtures("no_gpu")
def test_auto_takes_what_there_is_and_cuda_needs_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert device_of("auto") == device_of("cpu") == CPU
    with pytest.raises(InputError, match="finds no GPU here: must be 'auto' or 'cpu'"):
        device_of("cuda")
    assert main(["train", "tiny", "--steps", "4", "--device", "cuda", "-o", str(tmp_path / "agent")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_auto_takes_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert device_of("auto") == torch.device("cuda")
    assert device_of("cpu") == CPU


@pytest.mark.usefixtures("no_gpu")
def test_a_training_continues_where_it_was_or_says_why_not(tmp_path: Path) -> None:
    training = played((family_scenario("tiny", 0),), tiny_settings(**TINIEST), 10, seed=0)
    write_checkpoint(training, tmp_path / "agent")
    assert read_checkpoint(tmp_path / "agent").header["device"] == "cpu"
    write_unfinished(training, tmp_path / "half")
    assert read_unfinished(tmp_path / "half").device == CPU
    tensors, header = read_tensors(tmp_path / "half", "t2bench-training")
    write_tensors(tmp_path / "elsewhere", "t2bench-training", tensors, {**header, "device": "cuda"})
    with pytest.raises(InputError, match=r"elsewhere: device: 'cuda'; PyTorch finds no GPU here"):
        read_unfinished(tmp_path / "elsewhere")
