"""Names and settings by which other processes make a solver."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import t2bench
from solvers.allocation.genetic import GeneticAllocation
from solvers.caching.lru import LeastRecentlyUsed
from solvers.caching.random import RandomCaching
from solvers.registry import make_solver
from t2bench.own_solvers import named, title_of


def test_parts_that_have_names_are_named(tmp_path: Path) -> None:
    assert named(LeastRecentlyUsed, {}, tmp_path) == ("lru", {})
    assert named("lru", {"a": 1}, tmp_path) == ("lru", {"a": 1})
    assert named(t2bench.solver("lru"), None, tmp_path) == ("lru", {})
    assert list(tmp_path.iterdir()) == []


def test_settings_that_are_not_the_defaults_are_stated(tmp_path: Path) -> None:
    pair = t2bench.solver(RandomCaching(), GeneticAllocation(generations=3))
    name, settings = named(pair, None, tmp_path)
    assert (name, settings) == ("random+genetic", {"allocation.generations": 3})
    assert make_solver(name, settings) == pair


def test_a_class_of_a_file_is_named_by_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "neighbour.py"
    file.write_text(
        "from dataclasses import dataclass\nfrom solvers.caching.lru import LeastRecentlyUsed\n"
        "@dataclass(frozen=True)\nclass Mine(LeastRecentlyUsed):\n    'Mine.'\n"
    )
    spec = importlib.util.spec_from_file_location("neighbour", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "neighbour", module)
    spec.loader.exec_module(module)
    assert named(module.Mine, {}, tmp_path) == (f"{file}:Mine", {})


def test_titles_are_names_or_those_of_classes() -> None:
    assert title_of("lru+equal") == "lru+equal"
    assert title_of(LeastRecentlyUsed) == title_of(LeastRecentlyUsed()) == "LeastRecentlyUsed"
    assert title_of(t2bench.solver("lru")) == "LeastRecentlyUsed"
    assert title_of(t2bench.solver("lru+equal")) == "LeastRecentlyUsed+EqualAllocation"


class Plain(t2bench.OnlineCaching):
    """No dataclass."""

    def choose(self, frame: t2bench.FrameView) -> np.ndarray:
        return np.zeros(len(frame.catalogue), dtype=bool)


def test_what_no_other_process_could_make_is_refused(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Inner(Plain):
        """Of a function."""

    with pytest.raises(t2bench.InputError, match=r"Inner is defined in a function; must be defined outside of it"):
        named(Inner, None, tmp_path)
    with pytest.raises(t2bench.InputError, match="Plain is no dataclass; must be one"):
        named(Plain(), None, tmp_path)
    with pytest.raises(t2bench.InputError, match="must be none beside an object"):
        named(LeastRecentlyUsed(), {"a": 1}, tmp_path)
