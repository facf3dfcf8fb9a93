"""Solving an instance: a solver by name, class or object, the judge, and a policy played through a trace."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.process.outcome import Outcome
from benchmarks.process.request import Request
from benchmarks.process.run import run_cell, run_here
from problems import episode
from problems.episode import AllocationPolicy, CachingPolicy, FrameView, Slots
from problems.instance import Instance
from problems.io.errors import InputError, shorten
from problems.judge import Verdict
from problems.judge import judge as verdict_of
from problems.solution import Solution
from problems.status import Tier
from solvers.allocation.exact import ExactAllocation
from solvers.base import AllocationStrategy, CachingStrategy, Solver
from solvers.registry import find_part, make_solver
from solvers.settings import build
from solvers.two_timescale import TwoTimescale
from solvers.untrained import UntrainedAllocation, UntrainedCaching
from t2bench.cli.solvers import rows
from t2bench.own_solvers import AnySolver, check_is_solver, checked_dataclass, named, title_of

Allocation = AllocationStrategy | UntrainedAllocation
AnyAllocation = str | type[AllocationStrategy] | type[UntrainedAllocation] | Allocation
Choose = Callable[[FrameView], np.ndarray]
Allocate = Callable[[Slots], tuple[np.ndarray, np.ndarray]]


def solvers() -> pd.DataFrame:
    """The solvers and strategies that have names, a row each, with what they promise and which settings they take.

    >>> t2bench.solvers().query("kind == 'caching' and bound")
    """
    return pd.DataFrame(rows())


def solver(
    solver: AnySolver, allocation: AnyAllocation | None = None, settings: Mapping[str, Any] | None = None
) -> Solver:
    """The solver of a name, a class or an object; a caching strategy is paired with ``allocation``, else ``exact``.

    ``settings`` are those of the name or the class. Raises InputError for what is no solver and for settings that it
    does not take, NotInstalled where a library is missing.

    >>> t2bench.solver("lru+equal")
    >>> t2bench.solver(Mine, allocation="equal", settings={"keep_free_gb": 2.0})
    """
    if isinstance(solver, str) and allocation is None:
        return make_solver(solver, settings)
    part = _made(solver, settings)
    if isinstance(part, CachingStrategy | UntrainedCaching):
        return TwoTimescale(part, ExactAllocation() if allocation is None else _allocation(allocation))
    if isinstance(part, AllocationStrategy | UntrainedAllocation):
        raise InputError(f"solver: {title_of(solver)} is an allocation strategy; must be paired with a caching one")
    if allocation is not None:
        raise InputError(f"allocation: {shorten(allocation)}; {title_of(solver)} answers the whole programme")
    answers_whole: Solver = part
    return answers_whole


def _allocation(allocation: AnyAllocation) -> Allocation:
    made = _made(allocation, None)
    if not isinstance(made, AllocationStrategy | UntrainedAllocation):
        raise InputError(f"allocation: {shorten(allocation)}; must be an allocation strategy")
    return made


def _made(part: AnySolver, settings: Mapping[str, Any] | None) -> Any:
    """An object of a single name or a class; an object as it is."""
    kind = find_part(part) if isinstance(part, str) else part
    check_is_solver(kind)
    if isinstance(kind, type):
        return build(checked_dataclass(kind), settings or {}, title_of(part))
    if settings:
        raise InputError(f"settings: {shorten(settings)}; must be none beside an object, which has its own")
    return kind


def solve(
    instance: Instance,
    solver: AnySolver,
    settings: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    start: Solution | None = None,
    time_limit_s: float | None = None,
    memory_limit_gb: float | None = None,
    cpu_limit_s: float | None = None,
) -> Outcome:
    """What a solver answers to an instance, judged.

    Without limits it is asked in this process, and what it raises is raised. With a limit it is asked in a process of
    its own, as in a matrix, and killed soon after the limit: what it found by then counts, and what it raises is the
    outcome's ``error``. A class of a notebook's cell reaches the process as a file of its source.

    >>> best = t2bench.solve(instance, "exhaustive")
    >>> best.status, best.cost, best.solve_s
    >>> t2bench.solve(instance, "milp", {"backend": "cbc"}, time_limit_s=10)
    >>> t2bench.solve(instance, Mine(keep_free_gb=2.0))
    """
    if seed < 0:
        raise InputError(f"seed: {seed}; must be >= 0")
    limits = time_limit_s, memory_limit_gb, cpu_limit_s
    if limits == (None, None, None):
        asked = Request(instance, title_of(solver), seed=seed, start=start)
        return run_here(asked, _solver(solver, settings=settings), raises=True)
    with tempfile.TemporaryDirectory(prefix="t2bench-") as folder:
        name, own = named(solver, settings, Path(folder))
        make_solver(name, own)
        outcome = run_cell(Request(instance, name, own, seed, *limits, start=start))
    signed = None if outcome.solution is None else replace(outcome.solution, solver=title_of(solver))
    return replace(outcome, solution=signed)


_solver = solver


def judge(instance: Instance, solution: Solution) -> Verdict:
    """What a solution is worth: its cost, metrics and violations, recomputed from the instance and the decisions.

    >>> verdict = t2bench.judge(instance, best.solution)
    >>> verdict.feasible, verdict.cost, verdict.hit_ratio
    """
    return verdict_of(instance, solution)


def rollout(
    instance: Instance,
    policy: Choose | CachingPolicy,
    allocate: AnyAllocation | Allocate | AllocationPolicy | None = None,
    tier: Tier | None = None,
) -> Solution:
    """Play a policy of one's own through the trace, slot by slot: it sees nothing of the future.

    ``tier`` is what it may know: the demand's probabilities too (``online-model-based``, unless the policy itself has
    another ``tier``) or not (``online-model-free``).

    ``policy`` is a function from a frame's view to a cache, (M,) bool, or an object with such a method ``choose``.
    ``allocate`` splits a slot: a function to bandwidth and steps, (B, N) each, an object with such a method, or the
    name of an allocation strategy; by default the policy's own method, else ``exact``. Raises ValueError for arrays
    of the wrong shape; whether the solution is feasible is for the judge to say.

    >>> def nothing(frame): return np.zeros(len(frame.catalogue), dtype=bool)
    >>> solution = t2bench.rollout(instance, nothing, "equal")
    >>> t2bench.judge(instance, solution).cost
    """
    choose: Any = getattr(policy, "choose", policy)
    own = getattr(policy, "allocate", None) if allocate is None else allocate
    if own is None:
        own = ExactAllocation()
    elif isinstance(own, str | type):
        own = _allocation(own)
    splits: Any = getattr(own, "allocate", own)
    for name, function in (("policy", choose), ("allocate", splits)):
        if not callable(function):
            raise InputError(f"{name}: {shorten(function)}; must be a function, or an object with such a method")
    known: Tier = getattr(policy, "tier", "online-model-based") if tier is None else tier
    played = episode.rollout(_Policy(choose, splits), instance, known)
    verdict = verdict_of(instance, played)
    title = getattr(policy, "__name__", type(policy).__name__)
    return played.signed(instance, title, known, verdict.cost if verdict.feasible else None)


@dataclass(frozen=True)
class _Policy:
    """Two functions as the policy that they make."""

    choose: Choose
    allocate: Allocate
