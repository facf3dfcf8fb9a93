"""``t2bench check`` says whether a solver conforms, and what it is doing meanwhile."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks.conformance.changes import RELATIONS
from solvers.kernel import LINE
from t2bench import progress
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
        (["nonesuch"], "solver: 'nonesuch'; "),
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


def test_it_says_what_it_is_doing_on_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_LINE_EVERY_S", 0.0)
    done = t2bench("check", f"{EXAMINEES}:Picky", "--set", "takes_any=false")
    lines = done.stderr.splitlines()
    assert lines[0] == "answers: plain"
    assert len(lines) == len(set(lines)) == 29
    assert {line.partition(": ")[0] for line in lines} == {"answers", "time limit"}
    assert done.stdout.splitlines()[-1] == f"{EXAMINEES}:Picky does not conform"


def test_on_a_terminal_a_line_shows_the_check_and_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = t2bench("check", f"{EXAMINEES}:Picky", "--set", "takes_any=false")
    monkeypatch.setenv("FORCE_COLOR", "1")
    done = t2bench("check", f"{EXAMINEES}:Picky", "--set", "takes_any=false")
    assert "time limit: deadline-s0-t0" in done.stderr
    assert (done.returncode, done.stdout) == (plain.returncode, plain.stdout)


def test_what_raises_is_placed_and_its_traceback_shown_once_where_wanted(tmp_path: Path) -> None:
    (tmp_path / "online.py").write_text(
        "from dataclasses import dataclass\nfrom solvers.base import OnlineCaching\n\n\n"
        "@dataclass(frozen=True)\nclass Mine(OnlineCaching):\n"
        "    def choose(self, frame):\n        return frame.nonesuch\n"
    )
    done = t2bench("check", "online.py:Mine", "--traceback", cwd=tmp_path)
    assert done.returncode == 1
    assert "    failed: plain: error: AttributeError: 'FrameView' object has no attribute 'nonesuch' (online.py:8)" in (
        done.stdout.splitlines()
    )
    assert done.stderr.count("Traceback") == 1
    assert f'File "{tmp_path / "online.py"}", line 8, in choose' in done.stderr
