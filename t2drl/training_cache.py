"""Agents trained once and used by every cell of the scenario: a folder of checkpoints named by what decides them."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import problems
import t2drl
from problems.errors import InputError
from problems.scenario import Scenario
from solvers.base import Budget, Unsuitable
from t2drl.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from t2drl.settings import Settings
from t2drl.training import Training

PLACE = "T2BENCH_CACHE"
"""The environment variable that names the folder."""
TRAINING_SHARE = 0.6
"""Of a time limit, for training; what is left is for solving."""
WAITING_SHARE = 0.7
"""Of a time limit, for the training of another process."""
LOOK_S = 0.2

Say = Callable[[str], None]


def cache_folder() -> Path:
    """``$T2BENCH_CACHE``, or ``t2bench`` in the user's cache folder."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get(PLACE) or Path(home, "t2bench")) / "agents"


def trained(
    scenarios: Sequence[Scenario], settings: Settings, length: int, seed: int, budget: Budget, say: Say
) -> Checkpoint:
    """The agent of scenarios, settings, length and seed: from the cache, or trained now and kept there.

    Where the time limit does not allow for the whole length, training stops at six tenths of it, and what
    it has made by then is kept for cells of the same limit. Of processes that want the same agent one trains it and the
    others wait. Raises Unsuitable where there is nothing to learn from, or another process takes too long.
    """
    whole = agent_key(scenarios, settings, length, seed)
    cut = agent_key(scenarios, settings, length, seed, budget.time_limit_s)
    folder = cache_folder()
    with _only_one(folder / f"{cut}.lock", budget):
        for key in (whole, cut):
            path = folder / f"{key}.safetensors"
            if path.is_file():
                with contextlib.suppress(InputError):
                    found = read_checkpoint(path)
                    say(f"agent {found.sha256[:12]} from {path}, trained in {_cost(found.header['counts'])}")
                    return found
        say(f"no such agent in {folder}; training one")
        training = _train(scenarios, settings, length, seed, budget)
        path = folder / f"{whole if training.done else cut}.safetensors"
        write_checkpoint(training, path)
        found = read_checkpoint(path)
    share = "" if training.done else f", cut short by the time limit at {100 * training.progress:.0f} %"
    say(f"agent {found.sha256[:12]}: trained in {_cost(found.header['counts'])}{share}; kept in {path}")
    return found


def agent_key(
    scenarios: Sequence[Scenario], settings: Settings, length: int, seed: int, limit_s: float | None = None
) -> str:
    """A name for an agent: 24 hexadecimal digits of all that decides it, this code included."""
    content = {
        "scenarios": [scenario.model_dump(mode="json") for scenario in scenarios],
        "settings": settings.document(),
        "length": length,
        "seed": seed,
        "limit_s": limit_s,
        "code": code_digest(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]


@cache
def code_digest() -> str:
    """A digest of the sources that a training runs through."""
    digest = hashlib.sha256()
    for package in (problems, t2drl):
        for folder in package.__path__:
            for file in sorted(Path(folder).rglob("*.py")):
                digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _train(scenarios: Sequence[Scenario], settings: Settings, length: int, seed: int, budget: Budget) -> Training:
    training = Training(scenarios, settings, length, seed)
    end_s = None if budget.time_limit_s is None else TRAINING_SHARE * budget.time_limit_s
    while not training.done and (end_s is None or budget.elapsed_s < end_s):
        training.play_frame()
    return training


@contextlib.contextmanager
def _only_one(path: Path, budget: Budget) -> Iterator[None]:
    """Hold the lock file; the kernel lets go of it if this process dies. Raises Unsuitable after too long a wait."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise InputError(f"{path.parent}: {error.strerror}; set {PLACE} to a folder that can be written") from None
    with file:
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if budget.time_limit_s is not None and budget.elapsed_s > WAITING_SHARE * budget.time_limit_s:
                raise Unsuitable(f"another process is still training this agent ({path})")
            time.sleep(LOOK_S)
        yield


def _cost(counts: dict[str, Any]) -> str:
    return (
        f"{counts['cpu_s']:.1f} CPU seconds, {counts['slots']} slots, {counts['frames']} frames, "
        f"{counts['slot_updates']} + {counts['frame_updates']} updates"
    )
