"""Files of tensors with a JSON header: safetensors, written whole or not at all, and hashed by content."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from problems.io.errors import InputError

HEADER = "t2bench"
VERSION = 2
NOT_HASHED = ("sha256", "versions", "cpu_s", "validation_cpu_s")
"""What may differ between two equal trainings."""


def write_tensors(path: Path, kind: str, tensors: dict[str, Tensor], header: dict[str, Any]) -> str:
    """Write, and return the content's SHA-256. Raises InputError where the file cannot be written."""
    header = {"format": kind, "version": VERSION, **header}
    header["sha256"] = content_hash(tensors, header)
    data = save(tensors, metadata={HEADER: json.dumps(header)})
    scratch = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_bytes(data)
        scratch.replace(path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    finally:
        scratch.unlink(missing_ok=True)
    return str(header["sha256"])


def read_tensors(path: Path, kind: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and header. Raises InputError: no such file, another format, or a content that is not what it was."""
    try:
        with safe_open(path, framework="pt") as file:
            text = (file.metadata() or {}).get(HEADER)
            header = json.loads(text) if text else {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, SafetensorError, ValueError) as error:
        raise InputError(f"{path}: no checkpoint: {' '.join(str(error).split())}") from None
    if not isinstance(header, dict) or header.get("format") != kind:
        raise InputError(f"{path}: format: {header.get('format')!r}; must be {kind!r}")
    if header.get("version") != VERSION:
        raise InputError(f"{path}: version: {header.get('version')!r}; must be {VERSION}")
    found = content_hash(tensors, header)
    if found != header.get("sha256"):
        raise InputError(f"{path}: sha256: {header.get('sha256')!r}; the content's is {found!r}: it was changed")
    return tensors, header


def content_hash(tensors: dict[str, Tensor], header: dict[str, Any]) -> str:
    """SHA-256 of the header, but for what may differ between equal trainings, and of every tensor."""
    digest = hashlib.sha256(json.dumps(_hashed(header), sort_keys=True, separators=(",", ":")).encode())
    for name in sorted(tensors):
        tensor = tensors[name].detach().contiguous()
        digest.update(f"\0{name}\0{tensor.dtype}\0{list(tensor.shape)}\0".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _hashed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _hashed(entry) for key, entry in value.items() if key not in NOT_HASHED}
    return value
