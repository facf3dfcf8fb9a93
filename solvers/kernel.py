"""Native loops: compiled by Numba once and kept on disk, never for other sources than today's.

Numba's own cache asks whether the file of a function has changed, not whether those that it calls
have, and would go on with half of an old kernel. Here the cache is a folder named after a digest of all
sources of kernels.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])

_config: Any = numba.config

MARK = b"solvers.kernel"
"""What a source of kernels imports."""
KEPT_S = 7 * 86_400.0
"""Seconds for which kernels of other sources are kept after their last use."""


def kernel(function: Function) -> Function:
    """Compile ``function`` at its first call."""
    return _cached(function)


def vector_kernel(function: Function) -> Function:
    """The same for loops that run on the processor's vector units.

    Division by zero gives infinity and not an error, and multiplications and additions may be fused.
    """
    return _cached(function, error_model="numpy", fastmath={"contract"})


def _cached(function: Function, **options: Any) -> Function:
    others = _config.CACHE_DIR
    _config.CACHE_DIR = str(folder())
    try:
        compiled: Function = njit(cache=True, **options)(function)
    finally:
        _config.CACHE_DIR = others
    return compiled


@cache
def folder() -> Path:
    """Where these sources' kernels are kept: in ``NUMBA_CACHE_DIR``, the user's cache, or a temporary folder."""
    try:
        chosen, common = os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME")
        root = Path(chosen) if chosen else Path(common or Path.home() / ".cache") / "t2bench"
        return _made(root / f"kernels-{_digest()}")
    except (OSError, RuntimeError):  # no place to write to, or no home
        return Path(tempfile.mkdtemp(prefix="t2bench-kernels-"))


def _made(place: Path) -> Path:
    """The folder, marked as used now; of its siblings those that nobody has used for long are removed."""
    place.mkdir(parents=True, exist_ok=True)
    os.utime(place)
    for other in place.parent.glob("kernels-*"):
        if time.time() - other.stat().st_mtime > KEPT_S:
            shutil.rmtree(other, ignore_errors=True)
    return place


def _digest() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    package = Path(__file__).parent
    for file in sorted(package.rglob("*.py")):
        content = file.read_bytes()
        if MARK in content or file == Path(__file__):
            digest.update(file.relative_to(package).as_posix().encode() + b"\0" + content + b"\0")
    return digest.hexdigest()[:12]
