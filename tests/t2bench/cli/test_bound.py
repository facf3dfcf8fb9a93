"""``t2bench bound``: a bound that a stranger can check, by any method that gives one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from problems.instance import write_instance
from problems.judge import judge
from t2bench.cli.main import main
from tests.cases import sampled
from tests.solvers.support import solve

Capture = pytest.CaptureFixture[str]


def printed(capsys: Capture, *arguments: object) -> dict[str, Any]:
    """The JSON object that a command prints."""
    assert main([str(argument) for argument in arguments]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def refused(capsys: Capture, *arguments: object) -> str:
    """The one line that a bad input gets."""
    assert main([str(argument) for argument in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    return err


def test_a_stranger_can_check_the_bound(tmp_path: Path, capsys: Capture) -> None:
    instance, solution, proof = (tmp_path / name for name in ("a.json", "s.json", "proof.json"))
    write_instance(sampled("small", 0, 0), instance)
    bound = printed(capsys, "bound", instance, "-o", proof)["lower_bound"]
    assert main(["solve", str(instance), "--solver", "exhaustive", "-o", str(solution)]) == 0
    capsys.readouterr()
    verdict = printed(capsys, "verify", instance, solution, "--bound", proof)
    assert verdict["certified_bound"] == pytest.approx(bound, rel=1e-12)
    assert 0 <= verdict["certified_gap"] < 0.05


def test_an_exact_method_gives_the_optimum(tmp_path: Path, capsys: Capture) -> None:
    instance = sampled("tiny", 0, 0)
    write_instance(instance, tmp_path / "a.json")
    optimum = judge(instance, solve("exhaustive", instance)).cost
    bound = printed(capsys, "bound", tmp_path / "a.json", "--method", "exhaustive")["lower_bound"]
    assert bound == pytest.approx(optimum, rel=1e-9)


def test_a_method_that_gives_no_bound_or_does_not_take_the_instance_is_refused(tmp_path: Path, capsys: Capture) -> None:
    write_instance(sampled("tiny", 0, 0), tmp_path / "a.json")
    write_instance(sampled("metro"), tmp_path / "m.npz")
    assert "gives no bound" in refused(capsys, "bound", tmp_path / "a.json", "--method", "lru")
    assert "does not take it" in refused(capsys, "bound", tmp_path / "m.npz", "--method", "exhaustive")
