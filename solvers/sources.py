"""The sources of packages as one digest, by which what other code has computed is told apart."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterable
from pathlib import Path


def sources_digest(packages: Iterable[str]) -> bytes:
    """SHA-256 of every source of these packages and of its place in them."""
    digest = hashlib.sha256()
    for package in packages:
        for folder in importlib.import_module(package).__path__:
            for file in sorted(Path(folder).rglob("*.py")):
                digest.update(f"{package}/{file.relative_to(folder).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return digest.digest()
