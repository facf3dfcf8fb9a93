"""MPS and LP files hold the programme exactly where lateness has no price."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvers.export.export import export
from solvers.export.linear import LinearFormat, write_linear
from solvers.programme.formulation import formulate
from tests.cases import as_instance, random_document, sampled
from tests.solvers.export.readers import agrees


@pytest.mark.parametrize("kind", ["mps", "lp"])
@pytest.mark.parametrize("seed", range(10))
def test_linear_files_are_exact_without_a_price_of_lateness(seed: int, kind: LinearFormat, tmp_path: Path) -> None:
    instance = as_instance(random_document(seed, shape=(2, 2, 2), models=3, deadline=False))
    agrees(instance, tmp_path / f"a.{kind}", kind, 1e-8)


def test_says_which_instance_a_file_is_of(tmp_path: Path) -> None:
    instance = sampled("tiny")
    marks: dict[LinearFormat, str] = {"mps": "* ", "lp": "\\ "}
    for kind, mark in marks.items():
        export(instance, tmp_path / kind, kind)
        assert (tmp_path / kind).read_text().startswith(f"{mark}t2bench instance sha256 {instance.sha256}\n")


def test_a_programme_with_air_times_is_refused(tmp_path: Path) -> None:
    programme = formulate(sampled("tiny"), with_bandwidth=True).programme
    with pytest.raises(ValueError, match="has air times; must be linear"):
        write_linear(programme, tmp_path / "a.mps", "mps", [])
