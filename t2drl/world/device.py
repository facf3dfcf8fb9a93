"""Where a training's tensors lie: in memory, or on a graphics processor."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal, TypeVar

import torch
from torch import Tensor

from problems.io.errors import InputError

DeviceName = Literal["auto", "cpu", "cuda"]
CPU = torch.device("cpu")
Thing = TypeVar("Thing")


def device_of(name: DeviceName) -> torch.device:
    """The device of that name; ``auto``: a GPU where there is one. Raises InputError where there is none."""
    if name == "cpu" or (name == "auto" and not torch.cuda.is_available()):
        return CPU
    if not torch.cuda.is_available():
        raise InputError("device: 'cuda'; PyTorch finds no GPU here: must be 'auto' or 'cpu'")
    return torch.device("cuda")


def moved(thing: Thing, device: torch.device) -> Thing:
    """The same with every tensor of it, however deep in dataclasses, on the device."""
    found: Any = thing
    if isinstance(found, Tensor):
        found = found.to(device)
    elif is_dataclass(found) and not isinstance(found, type):
        found = replace(found, **{field.name: moved(getattr(found, field.name), device) for field in fields(found)})
    placed: Thing = found
    return placed
