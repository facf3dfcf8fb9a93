"""Import paths of version 0.1 work in 0.2 and say where they lead."""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from problems.moved import PLACES, new_place
from tests.places import ROOT

SHOWN = {
    "problems.packing": ("fill_in_order",),
    "problems.sampling": ("sample_instance",),
    "problems.families": ("family_scenario", "FAMILIES"),
    "problems.errors": ("InputError",),
    "problems.files": ("write_bytes", "parse_json", "parse_yaml"),
    "t2drl.traces": ("TRAINING_SEEDS", "scenario_of", "trace_digest"),
    "t2drl.strategies": ("T2drl", "Ddqn", "D3pg"),
    "benchmarks.store": ("Store",),
    "benchmarks.matrix_file": ("read_matrix", "load_matrix"),
    "benchmarks.cli.main": ("main", "command_parser"),
}
"""What README and the documentation of version 0.1 showed, and names beside it."""


@pytest.mark.parametrize("module", SHOWN)
def test_names_of_an_old_path_are_those_of_the_new_one(module: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        old, place = importlib.import_module(module), new_place(module)
        assert place is not None
        for name in SHOWN[module]:
            value = getattr(old, name)
            if not place.endswith(".*"):
                assert value is getattr(importlib.import_module(place), name)


def test_every_place_is_there() -> None:
    places = [place.removesuffix(".*") for place in PLACES.values()]
    assert [place for place in places if importlib.util.find_spec(place) is None] == []


def test_no_old_path_is_taken_but_by_a_package_that_its_module_became() -> None:
    for old, place in PLACES.items():
        path = ROOT.joinpath(*old.split("."))
        assert (path / "__init__.py").exists() == place.startswith(f"{old}.")
        assert not path.with_suffix(".py").exists()


def python(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=clean, capture_output=True, text=True, check=False
    )


def test_the_warning_names_both_paths_and_points_at_the_importing_line(tmp_path: Path) -> None:
    script = tmp_path / "old.py"
    script.write_text(
        "import sys\nfrom problems.packing import fill_in_order\nfrom problems.families import FAMILIES\n"
    )
    done = python(str(script), folder=tmp_path)
    assert done.returncode == 0, done
    assert f"{script}:2: FutureWarning: problems.packing is problems.caches since t2bench 0.2" in done.stderr
    assert f"{script}:3: FutureWarning: problems.families.FAMILIES is problems.families.drawn.FAMILIES" in done.stderr


def test_an_old_path_and_the_new_one_are_one_module() -> None:
    code = "import benchmarks.cli.main, t2bench.cli.main; assert benchmarks.cli.main is t2bench.cli.main"
    assert python("-W", "ignore", "-c", code).returncode == 0


def test_a_module_of_a_package_is_found_before_an_old_name() -> None:
    code = "from benchmarks.store import store; assert store.__name__ == 'benchmarks.store.store'"
    assert python("-W", "error", "-c", code).returncode == 0


@pytest.mark.parametrize("module", ["reports.simulated_studies", "benchmarks.cli.main", "benchmarks.speed.learners"])
def test_an_old_path_can_be_run(module: str) -> None:
    done = python("-m", module, "--help")
    assert done.returncode == 0, done
    assert done.stdout.startswith("usage: ")
    assert f"{module} is {new_place(module)} since" in done.stderr


def test_a_new_place_that_is_not_installed_is_named(tmp_path: Path) -> None:
    done = python("-c", "import benchmarks.speed.learners", folder=tmp_path)
    assert done.stderr.splitlines()[-1] == (
        "ImportError: benchmarks.speed moved to tests.speed, which is not installed here"
    )


def test_other_names_are_not_found_as_before() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        getattr(importlib.import_module("problems.families"), "non" + "sense")
    with pytest.raises(ModuleNotFoundError, match=r"problems\.nonsense"):
        importlib.import_module("problems.nonsense")
