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

from problems.families.drawn import family_scenario
from problems.io.errors import InputError
from t2bench.cli.main import main
from t2drl.checkpoints.checkpoint import read_checkpoint, read_unfinished, write_checkpoint, write_unfinished
from t2drl.checkpoints.tensor_file import read_tensors, write_tensors
from t2drl.settings import paper
from t2drl.training import loop as training_module
from t2drl.training.loop import Training
from t2drl.training.run import train
from t2drl.world.device import CPU, device_of, moved
from t2drl.world.replay import Replay
from tests.t2drl.conftest import tiny_settings

META = torch.device("meta")
MOVES = (torch.ops.aten._to_copy.default, torch.ops.aten.copy_.default)
"""What may see two devices at once."""
TINY = {"width": 8, "cache_width": 8, "envs": 8, "batch": 16, "training_slots": 64, "replay": 500, "cache_replay": 500}


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
    settings = paper(**TINY) if algorithm == "paper" else tiny_settings(algorithm=algorithm, **TINY)
    monkeypatch.setattr(torch.optim, "Adam", partial(_without_fusing, torch.optim.Adam))
    for name in ("FIRST_SLOTS", "FIRST_FRAMES"):
        monkeypatch.setattr(training_module, name, 1)
    training = Training((scenario,), settings, 2 * scenario.slots, seed=0, device=META)
    with OneDevice():
        while not training.done:
            training.play_frame()
    counts, world = training.counts, training.worlds[0]
    assert counts.slot_updates > 0
    assert counts.frame_updates > 0
    placed = [*training.allocator.actor.parameters(), *training.cacher.network.parameters(), world.place.cache]
    placed += [*world.replay.columns.values(), *world.frame_replay.columns.values(), world.slots.static]
    assert {tensor.device.type for tensor in placed} == {"meta"}


def _without_fusing(adam: Any, parameters: Any, lr: float, fused: bool) -> Any:
    """The fused kernel is not for a device without values; where its tensors lie is the same."""
    return adam(parameters, lr=lr)


def test_a_tensor_on_another_device_is_found_out() -> None:
    with OneDevice(), pytest.raises(AssertionError, match="meta"):
        torch.cat([torch.ones(2, device=META), torch.ones(2)])


def test_everything_in_dataclasses_is_moved() -> None:
    training = Training((family_scenario("tiny", 0),), tiny_settings(**TINY), 10, seed=0)
    world = moved(training.worlds[0], META)
    parts = (world.slots.slots.catalogue.size_gb, world.slots.slots.gain, world.frames.asked, world.place.cache)
    assert {part.device for part in parts} == {META}
    assert world.scenario is training.worlds[0].scenario


def test_what_is_in_memory_stays_what_it_is() -> None:
    replay, tensor = Replay(3, number=torch.zeros(())), torch.zeros(2)
    assert moved(tensor, CPU) is tensor
    assert moved(replay, CPU) is replay


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
def test_a_training_goes_on_where_it_was_or_says_why_not(tmp_path: Path) -> None:
    training = train((family_scenario("tiny", 0),), tiny_settings(**TINY), 10, seed=0)
    write_checkpoint(training, tmp_path / "agent")
    assert read_checkpoint(tmp_path / "agent").header["device"] == "cpu"
    write_unfinished(training, tmp_path / "half")
    assert read_unfinished(tmp_path / "half").device == CPU
    tensors, header = read_tensors(tmp_path / "half", "t2bench-training")
    write_tensors(tmp_path / "elsewhere", "t2bench-training", tensors, {**header, "device": "cuda"})
    with pytest.raises(InputError, match=r"elsewhere: device: 'cuda'; PyTorch finds no GPU here"):
        read_unfinished(tmp_path / "elsewhere")
