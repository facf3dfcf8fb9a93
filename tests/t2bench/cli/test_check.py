"""``t2bench check`` says whether a solver conforms, and what it is doing meanwhile."""

from __future__ import annotations

import json
import re

import pytest

from benchmarks.conformance.changes import RELATIONS
from solvers.kernel import LINE
from tests.places import EXAMINEES
from tests.t2bench.cli.command import refused, t2bench


@pytest.mark.slow
def test_the_command_passes_a_built_in_solver_with_a_line_a_check() -> None:
    done = t2bench("check", "exhaustive")
    assert done.returncode == 0
    assert all(line == LINE or re.fullmatch("[a-z ]+: [a-z0-9-]+", line) for line in done.stderr.splitlines())
    *checks, last = done.stdout.splitlines()
    assert len(checks) == 7 + len(RELATIONS)
    assert all(line.startswith("passed") for line in checks)
    assert last == "exhaustive conforms"


def test_the_command_fails_and_names_the_check() -> None:
    done = t2bench("check", f"{EXAMINEES}:Wasteful", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert not document["conforms"]
    assert [check["check"] for check in document["checks"] if check["verdict"] == "failed"] == [
        "feasible",
        "time limit",
    ]
    assert all(check["failed"] for check in document["checks"] if check["verdict"] == "failed")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonesuch"], "solver: 'nonesuch'; must be one of"),
        (["exhaustive", "--time-limit", "0"], "--time-limit: 0; must be a number > 0 "),
        (
            ["exhaustive", "--memory-limit", "1e30"],
            "argument --memory-limit: 1e30; must be a number > 0 and <= 1000000",
        ),
        (["exhaustive", "--set", "breadth=1"], "breadth"),
        ([f"{EXAMINEES}:Missing"], "not installed: pip install unobtainium"),
    ],
)
def test_the_command_refuses_bad_input_in_a_line(arguments: list[str], words: str) -> None:
    assert words in refused("check", *arguments)
