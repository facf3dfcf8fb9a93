"""Scenarios and instances: drawn from families, sampled, read and written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from problems import instance as instances
from problems import scenario as scenarios
from problems import solution as solutions
from problems.families.named import changed_family, family_purposes, family_scenario, own_sizes, sized_family
from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.io.errors import InputError
from problems.request_log import instance_from_log
from problems.scenario import Scenario
from problems.solution import Solution


def families() -> pd.DataFrame:
    """The named families, a row each: ``family``, ``models``, ``users``, ``slots``, ``frames`` and ``purpose``.

    >>> t2bench.families()
    """
    rows = [{"family": name, **own_sizes(name)._asdict(), "purpose": why} for name, why in family_purposes().items()]
    return pd.DataFrame(rows)


def scenario(
    family: str,
    seed: int = 0,
    *,
    models: int | None = None,
    users: int | None = None,
    slots: int | None = None,
    frames: int | None = None,
    cache: float | None = None,
    bandwidth: float | None = None,
    steps: float | None = None,
    skew: float | None = None,
    latency: float | None = None,
) -> Scenario:
    """The scenario of a named family that a seed picks, in the family's own sizes or in others, and with changes.

    ``models``, ``users``, ``slots`` (of a frame) and ``frames`` replace sizes; budgets and prices follow them by the
    family's rules. ``cache``, ``bandwidth``, ``steps`` (both budgets of a slot), ``skew`` and ``latency`` (its weight)
    are factors. What is None stays. Raises InputError for an unknown family and for sizes and factors that are not
    allowed.

    >>> t2bench.scenario("small", seed=1, users=6, cache=0.5)
    """
    sized = sized_family(family, models=models, users=users, slots=slots, frames=frames)
    factors = {"cache": cache, "bandwidth": bandwidth, "steps": steps, "skew": skew, "latency": latency}
    changed = changed_family(sized, **{name: factor for name, factor in factors.items() if factor is not None})
    return family_scenario(changed, seed)


def sample(scenario: Scenario | str, seed: int = 0, requests: str | Path | None = None) -> Instance:
    """The instance of a scenario, or of a family's scenario with the seed 0, and the trace that ``seed`` picks.

    ``requests`` is a log to take the requests from, a CSV file of frame, slot, user and model; the seed then stands
    for what the log does not record. Raises InputError.

    >>> instance = t2bench.sample("small", seed=2)
    """
    if isinstance(scenario, str):
        scenario = family_scenario(scenario, 0)
    if seed < 0:
        raise InputError(f"seed: {seed}; must be >= 0")
    return sample_instance(scenario, seed) if requests is None else instance_from_log(scenario, Path(requests), seed)


def read_scenario(path: str | Path) -> Scenario:
    """A scenario from a YAML file. Raises InputError, which names the line.

    >>> t2bench.read_scenario("mine.yaml")
    """
    return scenarios.read_scenario(Path(path))


def write_scenario(scenario: Scenario, path: str | Path) -> None:
    """Write a scenario as YAML, to be edited and read again.

    >>> t2bench.write_scenario(t2bench.scenario("tiny"), "mine.yaml")
    """
    scenarios.write_scenario(scenario, Path(path))


def read_instance(path: str | Path) -> Instance:
    """An instance from a ``.json``, ``.json.gz`` or ``.npz`` file. Raises InputError, which names the field.

    >>> instance = t2bench.read_instance("a.json")
    """
    return instances.read_instance(Path(path))


def write_instance(instance: Instance, path: str | Path) -> None:
    """Write an instance by the suffix of the path; equal instances give equal bytes.

    >>> t2bench.write_instance(instance, "a.json")
    """
    instances.write_instance(instance, Path(path))


def read_solution(path: str | Path, instance: Instance) -> Solution:
    """A solution of the instance from a JSON file; what it leaves out is for the judge to report.

    >>> solution = t2bench.read_solution("s.json", instance)
    """
    return solutions.read_solution(Path(path), instance)


def write_solution(solution: Solution, path: str | Path) -> None:
    """Write a solution as JSON, as ``t2bench verify`` reads it.

    >>> t2bench.write_solution(solution, "s.json")
    """
    solutions.write_solution(solution, Path(path))
