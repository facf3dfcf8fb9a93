"""Names for what is kept in the cache, made of all that decides it."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path


def key_of(*parts: object, modules: tuple[str, ...] = ("*",)) -> str:
    """12 hexadecimal digits of the parts' repr, the libraries' versions and the sources of this package's modules."""
    digest = hashlib.sha256(repr(parts).encode())
    digest.update(repr([version(name) for name in ("torch", "diffusers", "scikit-learn")]).encode())
    for module in modules:
        for file in sorted(Path(__file__).parent.glob(f"{module}.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
