"""``t2bench run`` in processes of its own, and what is left of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import yaml

from tests.places import HOSTILE, ROOT

PATIENCE_S = 60.0

Write = Callable[..., Path]
"""Writes a matrix that is right except for the fields that it is given."""


def write_matrix(folder: Path, **fields: Any) -> Path:
    document = {"format": "t2bench-matrix", "version": 1, "name": "trial", "families": ["tiny"], **fields}
    path = folder / "trial.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


def hostile(name: str, **settings: Any) -> dict[str, Any]:
    return {"name": f"{HOSTILE}:{name}", "label": name, "settings": settings}


def start(folder: Path, *arguments: object) -> subprocess.Popen[str]:
    """``t2bench run`` in ``folder``, with a folder of its own for temporary files."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    return subprocess.Popen(
        [sys.executable, "-m", "t2bench.cli.main", "run", *map(str, arguments)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=100)
    return process.returncode, out, err


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something holds before long."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.01)
    return False


def started_by(folder: Path) -> list[psutil.Process]:
    """All processes whose temporary files go to the folder: whatever a run in it has started."""
    found = []
    for process in psutil.process_iter():
        try:
            place = process.environ().get("TMPDIR", "")
        except psutil.Error:
            continue
        if place.startswith(str(folder)) and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def nothing_is_left(folder: Path) -> bool:
    end = time.monotonic() + 8.0
    while time.monotonic() < end:
        if not started_by(folder) and not list((folder / "tmp").iterdir()):
            return True
        time.sleep(0.05)
    return False
