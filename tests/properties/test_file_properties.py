"""Reading what was written is the identity."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.families.named import family_scenario
from problems.instance import read_instance, write_instance
from problems.judge import judge
from problems.scenario import Scenario, read_scenario, write_scenario
from problems.solution import read_solution, write_solution
from tests.cases import as_instance
from tests.properties.strategies import Case, cases, documents

positive = st.floats(0, exclude_min=True, allow_infinity=False)
not_negative = st.floats(0, allow_infinity=False)


@pytest.mark.parametrize("suffix", ["json", "json.gz", "npz"])
@given(document=documents(), name=st.text(min_size=1))
def test_instances(suffix: str, document: dict[str, Any], name: str) -> None:
    document["name"] = name
    for field in ("gain", "input_mb", "output_mb"):
        document["trace"][field] = np.asarray(document["trace"][field], dtype=float).tolist()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{suffix}"
        write_instance(as_instance(document), path)
        again = read_instance(path)
    assert again.document == document
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    assert again.sha256 == hashlib.sha256(canonical.encode()).hexdigest()


@given(cases(), st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), st.text())
def test_solutions(case: Case, claim: float | None, solver: str) -> None:
    document, drawn = case
    instance = as_instance(document)
    solution = drawn.signed(instance, solver, "hindsight", claim)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.json"
        write_solution(solution, path)
        again = read_solution(path, instance)
    for name in ("cache", "bandwidth", "steps"):
        assert np.array_equal(getattr(again, name), getattr(solution, name))
    for name in ("solver", "tier", "instance", "instance_sha256", "objective", "lower_bound", "status"):
        assert getattr(again, name) == getattr(solution, name)
    assert judge(instance, again) == judge(instance, solution)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Scenarios with names and numbers of every kind."""
    document = family_scenario("tiny", draw(st.integers(0, 100))).model_dump(mode="json")
    document |= {"family": draw(st.text(min_size=1)), "scenario_seed": draw(st.integers(0, 2**62))}
    names = draw(st.lists(st.text(min_size=1), min_size=3, max_size=3, unique=True))
    for model, name in zip(document["models"], names, strict=True):
        model |= {"name": name, "size_gb": draw(positive), "step_s": draw(not_negative)}
    document["system"] |= {
        "noise_w_per_mhz": draw(positive),
        "deadline_s": draw(st.none() | not_negative),
        "late_penalty": draw(not_negative),
        "step_budget": draw(st.integers(2, 2**53)),
        "latency_weight": draw(st.floats(0, 1)),
        "forced_edge": draw(st.booleans()),
    }
    first = draw(st.floats(0, 1))
    document["demand"] |= {
        "transition": [[first, 1 - first, 0], [0, first, 1 - first], [1, 0, 0]],
        "ranking": [draw(st.permutations(range(3))) for _ in range(3)],
        "activity": draw(st.floats(0, 1)),
    }
    return Scenario.model_validate(document)


@given(scenarios())
def test_scenarios(scenario: Scenario) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_scenario(scenario, Path(folder) / "s.yaml")
        assert read_scenario(Path(folder) / "s.yaml") == scenario
