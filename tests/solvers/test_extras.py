"""Solvers whose library is an extra, where it is not installed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from problems.instance import write_instance
from solvers.base import NotInstalled
from solvers.registry import listed, make_solver
from t2bench.cli.main import main
from tests.cases import sampled

EXTRAS = [("scip", "pyscipopt"), ("bonmin", "casadi")]


@pytest.fixture
def without(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a solver whose library cannot be found."""
    name, library = request.param
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"solvers.joint.{name}", raising=False)
    monkeypatch.delattr(importlib.import_module("solvers.joint"), name, raising=False)
    return name


@pytest.mark.parametrize("without", EXTRAS, indirect=True)
def test_it_is_listed_with_the_command_that_installs_it(without: str) -> None:
    extra = {"scip": "scip", "bonmin": "casadi"}[without]
    row = {row.name: row for row in listed()}[without]
    assert row.missing == f"not installed: pip install 't2bench[{extra}]'"
    with pytest.raises(NotInstalled, match=extra):
        make_solver(without)


@pytest.mark.parametrize("without", EXTRAS[:1], indirect=True)
def test_a_file_in_its_format_cannot_be_written(
    without: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_instance(sampled("tiny"), tmp_path / "a.json")
    assert main(["export", str(tmp_path / "a.json"), "--format", "cip", "-o", str(tmp_path / "a.cip")]) == 2
    assert f"not installed: pip install 't2bench[{without}]'" in capsys.readouterr().err
