"""Native loops: compiled by Numba once and kept on disk, never for other sources than today's.

Numba's own cache asks whether the file of a function has changed, not whether those that it calls
have, and would go on with half of an old kernel. Here the cache is a folder named after a digest of all
sources of kernels. Whoever has to wait for a compilation is told so on standard error, once a process.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import njit
from numba.core import event

Function = TypeVar("Function", bound=Callable[..., Any])

_config: Any = numba.config

MARK = b"solvers.kernel"
"""What a source of kernels imports."""
LINE = "t2bench: compiling kernels, once for this version of the code; up to half a minute"
KEPT_S = 7 * 86_400.0
"""Seconds for which kernels of other sources are kept after their last use."""


class _Announcer(event.Listener):
    """Prints the line at the first compilation of a kernel; what is in the cache is not compiled."""

    def __init__(self) -> None:
        self.kernels: set[Callable[..., Any]] = set()
        self.compiled = False
        self.silent = False

    def on_start(self, event: event.Event) -> None:
        if event.data["dispatcher"].py_func in self.kernels:
            if not (self.compiled or self.silent):
                print(LINE, file=sys.stderr, flush=True)
            self.compiled = True

    def on_end(self, event: event.Event) -> None:
        """Nothing to say."""


_announcer = _Announcer()
_register: Any = event.register
_register("numba:compile", _announcer)


def compiled() -> bool:
    """Whether this process has compiled a kernel."""
    return _announcer.compiled


def compile_silently() -> None:
    """Have this process say nothing of kernels that it compiles."""
    _announcer.silent = True


def kernel(function: Function) -> Function:
    """Compile ``function`` at its first call."""
    return _cached(function)


def vector_kernel(function: Function) -> Function:
    """The same for loops that run on the processor's vector units.

    Division by zero gives infinity and not an error, and multiplications and additions may be fused.
    """
    return _cached(function, error_model="numpy", fastmath={"contract"})


def _cached(function: Function, **options: Any) -> Function:
    _announcer.kernels.add(function)
    others = _config.CACHE_DIR
    _config.CACHE_DIR = str(folder())
    try:
        dispatcher: Function = njit(cache=True, **options)(function)
    finally:
        _config.CACHE_DIR = others
    return dispatcher


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
