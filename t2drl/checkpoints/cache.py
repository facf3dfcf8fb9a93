"""Agents trained once and used by every cell of the scenario: a folder of checkpoints named by what decides them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol, TypeVar

from problems.io.errors import InputError
from problems.scenario import Scenario
from solvers.base import Budget, Unsuitable
from solvers.sources import sources_digest
from t2drl.checkpoints.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from t2drl.settings import Settings
from t2drl.training.run import train

FOLDER_VARIABLE = "T2BENCH_CACHE"
"""The environment variable that names the folder."""
TRAINING_SHARE = 0.6
"""Of a time limit, for training; what is left is for solving."""
WAITING_SHARE = 0.7
"""Of a time limit, for the training of another process."""
POLL_S = 0.2
"""Between two looks whether another process is done."""
LIBRARIES = ("torch", "numpy", "scipy", "numba", "array-api-compat")
"""Other versions of these may make another agent, or measure another curve, of the same sources."""

Say = Callable[[str], None]
"""Where a line of progress goes."""


def cache_folder() -> Path:
    """``$T2BENCH_CACHE``, or ``t2bench`` in the user's cache folder."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get(FOLDER_VARIABLE) or Path(home, "t2bench")) / "agents"


def trained(
    scenarios: Sequence[Scenario], settings: Settings, length: int, seed: int, budget: Budget, say: Say
) -> Checkpoint:
    """The agent of scenarios, settings, length and seed: from the cache, or trained now and kept there.

    Raises Unsuitable where there is nothing to learn from, or another process takes too long.
    """

    def make(place: Callable[[bool], Path]) -> Path:
        training = train(scenarios, settings, length, seed, stop=lambda: out_of_time(budget))
        write_checkpoint(training, place(training.done))
        return place(training.done)

    whole = agent_key(scenarios, settings, length, seed)
    cut = agent_key(scenarios, settings, length, seed, budget.time_limit_s)
    return load_or_train(whole, cut, budget, make, read_checkpoint, say)


class StoredAgent(Protocol):
    """An agent and what its training has cost."""

    @property
    def header(self) -> dict[str, Any]:
        """With ``length``, and ``counts`` of what it has cost."""

    @property
    def sha256(self) -> str:
        """Of its content."""


Agent = TypeVar("Agent", bound=StoredAgent)


def load_or_train(
    whole: str,
    cut: str,
    budget: Budget,
    make: Callable[[Callable[[bool], Path]], Path],
    read: Callable[[Path], Agent],
    say: Say,
) -> Agent:
    """An agent from the cache under either key, or trained now and kept there.

    ``make`` trains, within six tenths of the time limit (:func:`out_of_time`), writes the agent to the path that it is
    given for a training that came to its end or was cut short, and returns it. What was cut short is kept for cells of
    the same limit. Of processes that want the same agent one makes it and the others wait. Raises Unsuitable where
    another process takes too long.
    """
    folder = cache_folder()
    with _locked(folder / f"{cut}.lock", budget):
        for key in (whole, cut):
            path = folder / f"{key}.safetensors"
            if path.is_file():
                with contextlib.suppress(InputError):
                    found = read(path)
                    say(f"agent {found.sha256[:12]} from {path}, trained in {_cost(found.header)}")
                    return found
        say(f"no such agent in {folder}; training one")
        path = make(lambda done: folder / f"{whole if done else cut}.safetensors")
        found = read(path)
    say(f"agent {found.sha256[:12]}: trained in {_cost(found.header)}; kept in {path}")
    return found


def out_of_time(budget: Budget) -> bool:
    """Whether what a time limit leaves for training is over."""
    return budget.time_limit_s is not None and budget.elapsed_s >= TRAINING_SHARE * budget.time_limit_s


def agent_key(
    scenarios: Sequence[Scenario], settings: Settings, length: int, seed: int, limit_s: float | None = None
) -> str:
    """A name for an agent: 24 hexadecimal digits of all that decides it, this code and its libraries included."""
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
    """A digest of the sources that a training and its validation may run through, and of their libraries' versions."""
    versions = json.dumps({name: version(name) for name in LIBRARIES})
    return hashlib.sha256(versions.encode() + sources_digest(("problems", "solvers", "t2drl"))).hexdigest()


@contextlib.contextmanager
def _locked(path: Path, budget: Budget) -> Iterator[None]:
    """Hold the lock file; the kernel lets go of it if this process dies. Raises Unsuitable after too long a wait.

    Where the system has no such locks, as Windows, every process trains an agent of its own.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise InputError(
            f"{path.parent}: {error.strerror}; set {FOLDER_VARIABLE} to a folder that can be written"
        ) from None
    with file:
        try:
            import fcntl
        except ImportError:
            yield
            return
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if budget.time_limit_s is not None and budget.elapsed_s > WAITING_SHARE * budget.time_limit_s:
                raise Unsuitable(f"another process is still training this agent ({path})")
            time.sleep(POLL_S)
        yield


def _cost(header: dict[str, Any]) -> str:
    counts = header["counts"]
    share = counts["played"] / header["length"]
    cut_short = "" if share >= 1 else f", cut short by the time limit at {100 * share:.0f} %"
    return f"{counts['cpu_s']:.1f} CPU seconds and {counts['slots']} slots{cut_short}"
