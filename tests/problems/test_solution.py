"""Solution files: what was written comes back, what is missing is NaN, and what is wrong is named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from problems.instance import Instance
from problems.io.errors import InputError
from problems.solution import Solution, read_solution, solution_document, write_solution
from tests.cases import edited, random_feasible, sampled


@pytest.fixture
def instance() -> Instance:
    """3 frames, 2 slots, 2 users, 3 models."""
    return sampled("tiny")


@pytest.fixture
def document(instance: Instance) -> dict[str, Any]:
    """A valid solution document."""
    return solution_document(random_feasible(instance, 0).signed(instance, "some", "hindsight", 7.5))


def read(document: object, instance: Instance, folder: Path) -> Solution:
    path = folder / "s.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return read_solution(path, instance)


def same(first: Solution, second: Solution) -> bool:
    arrays = ("cache", "bandwidth", "steps")
    words = ("lower_bound", "status", "objective", "solver", "tier", "instance", "instance_sha256")
    return all(np.array_equal(getattr(first, name), getattr(second, name), equal_nan=True) for name in arrays) and all(
        getattr(first, name) == getattr(second, name) for name in words
    )


def test_the_file_is_the_format_of_the_problem(instance: Instance, document: dict[str, Any]) -> None:
    assert list(document) == [
        *("format", "version", "instance", "instance_sha256", "solver", "tier"),
        *("cache", "bandwidth", "steps", "objective", "lower_bound", "status"),
    ]
    assert (document["format"], document["version"]) == ("t2bench-solution", 1)
    assert (document["instance"], document["instance_sha256"]) == (instance.name, instance.sha256)
    for name in ("cache", "steps"):
        entries = np.ravel(document[name]).tolist()
        assert {type(entry) for entry in entries} == {int}


@pytest.mark.parametrize("kind", [bool, np.int8, float])
def test_round_trip(kind: type, instance: Instance, tmp_path: Path) -> None:
    drawn = random_feasible(instance, 1)
    solution = Solution(
        drawn.cache.astype(kind), drawn.bandwidth, drawn.steps, lower_bound=0.1 + 0.2, status="timeout"
    ).signed(instance, "x", "online-model-free", 1 / 3)
    write_solution(solution, tmp_path / "s.json")
    assert same(read_solution(tmp_path / "s.json", instance), solution)


def test_fractions_and_gaps_survive_the_file(instance: Instance, tmp_path: Path) -> None:
    """A broken answer is not repaired on its way to the judge."""
    drawn = random_feasible(instance, 1)
    cache, bandwidth, steps = drawn.cache.copy(), drawn.bandwidth.copy(), drawn.steps + 0.0
    cache[0, 0], bandwidth[1, 0, 0], steps[0, 0, 0], steps[2, 1, 1] = 0.5, np.nan, 2.999999, np.nan
    solution = Solution(cache, bandwidth, steps).signed(instance, "x", "hindsight", float("inf"))
    write_solution(solution, tmp_path / "s.json")
    again = read_solution(tmp_path / "s.json", instance)
    assert again.objective is None
    for name in ("cache", "bandwidth", "steps"):
        assert np.array_equal(getattr(again, name), getattr(solution, name), equal_nan=True)


@pytest.mark.parametrize("bound", [float("-inf"), float("inf"), float("nan")])
def test_a_bound_that_is_no_number_is_none(bound: float, instance: Instance, tmp_path: Path) -> None:
    drawn = random_feasible(instance, 1)
    solution = Solution(drawn.cache, drawn.bandwidth, drawn.steps, lower_bound=bound)
    write_solution(solution, tmp_path / "s.json")
    assert read_solution(tmp_path / "s.json", instance).lower_bound is None


@pytest.mark.parametrize(
    ("path", "value", "missing"),
    [
        (("steps",), None, 12),
        (("bandwidth",), [], 12),
        (("steps", 1), None, 4),
        (("steps", 1), [], 4),
        (("bandwidth", 2, 0), [0.5], 1),
        (("cache", 0), [1, 0], 1),
        (("cache", 0, 1), None, 1),
        (("bandwidth", 2, 1, 1), None, 1),
    ],
)
def test_what_is_left_out_is_nan(
    path: Sequence[str | int], value: object, missing: int, document: dict[str, Any], instance: Instance, tmp_path: Path
) -> None:
    solution = read(edited(document, path, value), instance, tmp_path)
    assert np.isnan(getattr(solution, str(path[0]))).sum() == missing
    assert sum(np.isnan(array).sum() for array in (solution.cache, solution.bandwidth, solution.steps)) == missing


@pytest.mark.parametrize("field", ["cache", "bandwidth", "steps", "objective", "lower_bound"])
def test_a_field_left_out_is_nan_or_none(
    field: str, document: dict[str, Any], instance: Instance, tmp_path: Path
) -> None:
    del document[field]
    value = getattr(read(document, instance, tmp_path), field)
    assert value is None or np.isnan(value).all()


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("steps", 0, 0, 0), "3", "steps[0][0][0]: '3'; must be a number"),
        (("steps", 0, 0, 0), [3], "steps[0][0][0]: [3]; must be a number"),
        (("steps", 0, 0), 3, "steps[0][0]: 3; must be a list of 2"),
        (("steps", 0, 0), [1, 2, 3], "steps[0][0]: 3 entries; must be a list of 2"),
        (("cache",), [[0, 0, 0]] * 4, "cache: 4 entries; must be a list of 3"),
        (("cache",), {"0": 1}, "cache: {'0': 1}; must be a list of 3"),
        (("bandwidth", 0, 0, 0), float("nan"), "bandwidth[0][0][0]: NaN; numbers must be finite"),
        (("bandwidth", 0, 0, 0), float("inf"), "bandwidth[0][0][0]: Infinity; numbers must be finite"),
        (("bandwidth", 0, 0, 0), 10**400, "bandwidth[0][0][0]: 1000000"),
        (("objective",), 10**400, "objective: 1000000"),
        (("objective",), "low", "objective: 'low'; must be a number or null"),
        (("objective",), True, "objective: True; must be a number or null"),
        (("lower_bound",), [1], "lower_bound: [1]; must be a number or null"),
        (("status",), "done", "status: 'done'; must be one of optimal, feasible, infeasible, timeout, memory, error"),
        (("status",), None, "status: None; must be one of optimal"),
        (("status",), ["optimal"], "status: ['optimal']; must be one of optimal"),
        (("solver",), 1, "solver: 1; must be text"),
        (("instance_sha256",), None, "instance_sha256: None; must be text"),
        (("version",), 3, "version: 3; must be 1"),
        (("format",), "t2bench-instance", "format: 't2bench-instance'; must be 't2bench-solution'"),
    ],
)
def test_a_wrong_value_is_named(
    path: Sequence[str | int], value: object, line: str, document: dict[str, Any], instance: Instance, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        read(edited(document, path, value), instance, tmp_path)
    prefix = f"{tmp_path / 's.json'}: "
    assert str(caught.value).startswith(prefix + line)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "1e999", '{"a": 1e999}', '{"format": "t2bench-solution"'])
def test_a_broken_file_is_named(text: str, instance: Instance, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^\S*s\.json: "):
        read(text, instance, tmp_path)
