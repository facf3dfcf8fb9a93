"""NL files hold the nonlinear programme exactly."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from solvers.export.export import export
from tests.cases import as_instance, random_document
from tests.solvers.export.readers import agrees

SHAPE = (2, 2, 2)
needs_scip = pytest.mark.skipif(importlib.util.find_spec("pyscipopt") is None, reason="needs the extra scip")
needs_casadi = pytest.mark.skipif(importlib.util.find_spec("casadi") is None, reason="needs the extra casadi")


@needs_scip
@pytest.mark.parametrize("seed", range(8))
def test_nl_files_are_exact(seed: int, tmp_path: Path) -> None:
    agrees(as_instance(random_document(seed, shape=SHAPE, models=3)), tmp_path / "a.nl", "nl", 1e-6)


@needs_casadi
def test_casadi_reads_the_same_columns(tmp_path: Path) -> None:
    import casadi

    instance = as_instance(random_document(1, shape=SHAPE, models=3, deadline=True))
    export(instance, tmp_path / "a.nl", "nl")
    builder = casadi.NlpBuilder()
    builder.import_nl(str(tmp_path / "a.nl"))
    names = (tmp_path / "a.col").read_text().split()
    whole = {name.split("_")[0] for name, discrete in zip(names, builder.discrete, strict=True) if discrete}
    assert whole == {"rho", "edge", "ramp", "s"}
    assert {name.split("_")[0] for name in names} - whole == {"load", "more", "top", "b", "air", "late"}
    assert len((tmp_path / "a.row").read_text().split()) == len(builder.g_ub)
