"""Names to solvers: built in, from files, from other packages; settings; and what is refused, in one line."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from problems.io.errors import InputError
from problems.judge import judge
from solvers.allocation.equal import EqualAllocation
from solvers.allocation.exact import ExactAllocation
from solvers.base import AllocationStrategy, Budget, CachingStrategy, NotInstalled, Silent, Solver
from solvers.caching.random import RandomCaching
from solvers.joint.brute_force import BruteForce
from solvers.registry import BUILT_IN, GROUP, find_part, kind_of, listed, make_solver, part_names
from solvers.two_timescale import TwoTimescale
from solvers.untrained import UntrainedAllocation, UntrainedCaching
from tests.cases import LEARNERS, sampled

KINDS = (Solver, CachingStrategy, AllocationStrategy, UntrainedCaching, UntrainedAllocation)
SHIPPED = (*BUILT_IN, *LEARNERS)
PARTS = '''"""Parts of somebody else's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.equal_split import equal_split
from problems.episode import FrameView, Slots
from problems.caches import fill_in_order
from solvers.base import AllocationStrategy, Budget, Capabilities, OnlineCaching, Report, Solver


@dataclass(frozen=True)
class SmallestFirst(OnlineCaching):
    """As many models as fit, the smallest first."""

    tier = "online-model-free"
    keep_free_gb: float = 0.0
    name: str = "plain"

    def choose(self, frame: FrameView) -> np.ndarray:
        order = np.argsort(frame.catalogue.size_gb)
        return fill_in_order(order, frame.catalogue.size_gb, frame.system.cache_gb - self.keep_free_gb)


@dataclass(frozen=True)
class EqualAgain(AllocationStrategy):
    """Equal shares."""

    name: str = "plain"

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        return equal_split(slots.request, slots.cached, slots.catalogue, slots.system.step_budget)


@dataclass(frozen=True)
class Demanding(OnlineCaching):
    """Needs to be told something."""

    folder: str
    retries: int = 3

    def __post_init__(self) -> None:
        if self.retries < 0:
            raise ValueError(f"retries: {self.retries}; must be >= 0")

    def choose(self, frame: FrameView) -> np.ndarray:
        return np.zeros(len(frame.catalogue), dtype=bool)


@dataclass(frozen=True)
class HalfDone(OnlineCaching):
    """Has no choice."""


class Plain:
    """No part at all."""


NOT_A_CLASS = 3
'''


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    path = tmp_path / "parts.py"
    path.write_text(PARTS)
    return path


@pytest.fixture
def offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Install a package with a module and entry points, for the length of a test."""

    def install(entries: str, module: str) -> None:
        folder = tmp_path / "site"
        info = folder / "other_solvers-1.2.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other-solvers\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{entries}\n")
        (folder / f"{module}.py").write_text(PARTS)
        monkeypatch.syspath_prepend(str(folder))

    return install


def complaint(name: str, settings: dict[str, Any] | None = None) -> str:
    """The one line with which a name or its settings are refused."""
    with pytest.raises(InputError) as raised:
        make_solver(name, settings)
    text = str(raised.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("name", SHIPPED)
def test_every_built_in_part_is_a_frozen_dataclass_that_says_what_it_guarantees(name: str) -> None:
    part: Any = find_part(name)
    assert issubclass(part, KINDS)
    assert dataclasses.is_dataclass(part)
    assert part.__dataclass_params__.frozen
    assert "__doc__" in vars(part)
    assert not (part.__doc__ or "").startswith(f"{part.__name__}(")
    assert len(part.__doc__.split()) >= 8
    assert part() == part()


def test_every_part_is_listed_once_with_its_kind() -> None:
    rows = {row.name: row for row in listed()}
    assert [row.name for row in listed()] == part_names()
    assert len(rows) == len(part_names())
    for name in SHIPPED:
        assert rows[name].missing is None
        assert rows[name].kind == kind_of(find_part(name))
    assert {"brute-force"} <= {name for name, row in rows.items() if row.kind == "solver"}
    assert {"equal", "exact", "convex", "slsqp"} <= {name for name, row in rows.items() if row.kind == "allocation"}
    assert {"none", "static", "exhaustive"} <= {name for name, row in rows.items() if row.kind == "caching"}


def test_every_file_of_a_strategy_is_registered() -> None:
    """A part that nobody can name is as good as missing."""
    registered = {find_part(name).__module__ for name in SHIPPED}
    for kind in KINDS:
        for part in every_subclass(kind):
            if part.__module__.startswith("solvers.") and not inspect.isabstract(part):
                assert part is TwoTimescale or part.__module__ in registered


def every_subclass(kind: type[Any]) -> set[type[Any]]:
    return {part for child in kind.__subclasses__() for part in {child} | every_subclass(child)}


def test_a_caching_strategy_alone_is_paired_with_exact() -> None:
    assert make_solver("random") == TwoTimescale(RandomCaching(), ExactAllocation())


def test_a_pair_is_named_caching_first() -> None:
    assert make_solver("random+equal") == TwoTimescale(RandomCaching(), EqualAllocation())
    assert complaint("equal+random") == (
        "solver: 'equal+random': 'equal' is no caching strategy; must be CACHING+ALLOCATION"
    )
    assert "'lfu' is no allocation strategy" in complaint("lru+lfu")
    assert "'brute-force' is no caching strategy" in complaint("brute-force+equal")


def test_a_solver_of_the_whole_programme_stands_alone() -> None:
    assert make_solver("brute-force") == BruteForce()


def test_an_allocation_alone_is_refused() -> None:
    expected = "solver: 'equal' is an allocation strategy; must be paired, as in exhaustive+equal"
    assert complaint("equal") == expected
    make_solver(expected.rpartition(" ")[2])


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("exhastive", "exhaustive"),
        ("greedy-popular", "greedy-popularity"),
        ("milp-relaxatoin", "milp-relaxation"),
        ("LRU", None),
        ("random+exct", "exact"),
        ("rnadom+exact", "random"),
        ("xyzzy", None),
        ("", None),
        ("lru+", None),
        ("+exact", None),
        ("lru+equal+exact", None),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(name: str, near: str | None) -> None:
    text = complaint(name)
    assert "must be one of none, random" in text
    assert text.endswith(", or CACHING+ALLOCATION")
    if near:
        assert re.match(rf"solver: '[^']*'; did you mean '{near}'\? must be one of ", text)


def test_a_class_in_a_file_is_a_part_like_any_other(parts: Path) -> None:
    """Both kinds, alone or paired with what is built in, with settings, and with a plus in the path."""
    folder = parts.parent / "a+b"
    folder.mkdir()
    for path in (parts, folder / "parts.py"):
        path.write_text(PARTS)
        for name, settings in (
            (f"{path}:SmallestFirst", {"keep_free_gb": 2}),
            (f"{path}:SmallestFirst+equal", {"keep_free_gb": 2.0}),
            (f"exhaustive+{path}:EqualAgain", {}),
            (f"{path}:SmallestFirst+{path}:EqualAgain", {"caching.name": "x", "allocation.name": "y"}),
        ):
            solver = make_solver(name, settings)
            assert isinstance(solver, TwoTimescale)
            instance = sampled("tiny")
            assert judge(instance, solver.solve(instance, Budget(), Silent())).feasible
        assert (solver.caching.name, solver.allocation.name) == ("x", "y")  # type: ignore[attr-defined]


def test_an_ambiguous_setting_needs_its_part(parts: Path) -> None:
    name = f"{parts}:SmallestFirst+{parts}:EqualAgain"
    assert complaint(name, {"name": "x"}) == (
        f"solver {name}: setting name: is in both parts; write caching.name or allocation.name"
    )


def test_an_allocation_alone_in_a_file_says_how_to_pair_it(parts: Path) -> None:
    text = complaint(f"{parts}:EqualAgain")
    assert text.endswith(f"must be paired, as in exhaustive+{parts}:EqualAgain")
    make_solver(text.partition("as in ")[2])


def test_what_a_file_must_hold(parts: Path) -> None:
    assert complaint(f"{parts}:Nobody") == f"solver: {parts} has no class 'Nobody'"
    for name in ("Plain", "NOT_A_CLASS"):
        text = complaint(f"{parts}:{name}")
        assert text.endswith("; must be a dataclass that extends Solver, CachingStrategy or AllocationStrategy")
    assert complaint(f"{parts}:HalfDone") == f"solver: {parts}:HalfDone lacks choose; must define all of them"
    assert "no such Python file" in complaint(f"{parts.parent}/absent.py:SmallestFirst")


def test_a_setting_without_a_default_is_required(parts: Path) -> None:
    name = f"{parts}:Demanding"
    assert complaint(name) == f"solver {name}: setting folder: missing; required"
    solver = make_solver(name, {"folder": "here"})
    assert isinstance(solver, TwoTimescale)
    assert solver.caching.folder == "here"  # type: ignore[attr-defined]
    assert complaint(name, {"folder": "here", "retries": -1}) == f"solver {name}: retries: -1; must be >= 0"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("import nonexistent_package", "ModuleNotFoundError: No module named 'nonexistent_package'"),
        ("def broken(:", "SyntaxError"),
        ("raise RuntimeError('first line\\nsecond line')", "RuntimeError: first line second line"),
    ],
)
def test_a_file_that_cannot_be_imported_is_refused_in_one_line(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "broken.py"
    path.write_text(content)
    assert complaint(f"{path}:Part").startswith(f"solver: {path} fails on import: {reason}")


def test_a_file_may_bear_the_name_of_a_module(tmp_path: Path) -> None:
    """``random.py`` is taken from its place and stands in nobody's way."""
    import random

    path = tmp_path / "random.py"
    path.write_text(PARTS)
    make_solver(f"{path}:SmallestFirst")
    import random as again

    assert again is random
    assert random.random


def test_other_packages_offer_parts_by_entry_points(offer: Callable[[str, str], None]) -> None:
    offer("smallest = parts_by_entry:SmallestFirst\nequal-again = parts_by_entry:EqualAgain", "parts_by_entry")
    assert part_names()[: len(BUILT_IN)] == [*BUILT_IN]
    assert {"equal-again", "smallest"} <= set(part_names())
    kinds = {row.name: row.kind for row in listed()}
    assert (kinds["smallest"], kinds["equal-again"]) == ("caching", "allocation")
    solver = make_solver("smallest+equal-again", {"keep_free_gb": 1})
    instance = sampled("tiny")
    assert judge(instance, solver.solve(instance, Budget(), Silent())).feasible
    assert complaint("smalest").startswith("solver: 'smalest'; did you mean 'smallest'? must be one of ")


def test_a_built_in_name_cannot_be_taken_over(offer: Callable[[str, str], None]) -> None:
    offer("exhaustive = parts_taking_over:SmallestFirst", "parts_taking_over")
    assert part_names().count("exhaustive") == 1
    assert find_part("exhaustive").__module__ == "solvers.caching.exhaustive"


def test_a_broken_package_is_listed_with_the_reason_and_harms_nobody(offer: Callable[[str, str], None]) -> None:
    offer("absent = no_such_module:Part\nplain = parts_half_broken:Plain", "parts_half_broken")
    rows = {row.name: row for row in listed()}
    assert rows["absent"].says is rows["plain"].says is None
    assert "fails on import: ModuleNotFoundError" in str(rows["absent"].missing)
    assert "must be a dataclass" in str(rows["plain"].missing)
    assert rows["exhaustive"].missing is None
    assert "fails on import" in complaint("absent")


def test_what_is_not_installed_is_listed_with_the_command_that_installs_it(
    offer: Callable[[str, str], None], tmp_path: Path
) -> None:
    offer("wanting = parts_wanting:Part", "parts_other")
    source = 'from solvers.base import NotInstalled\nraise NotInstalled("pip install something")\n'
    (tmp_path / "site" / "parts_wanting.py").write_text(source)
    rows = {row.name: row for row in listed()}
    assert rows["wanting"].missing == "not installed: pip install something"
    with pytest.raises(NotInstalled, match="pip install something"):
        make_solver("wanting")


def test_the_kind_of_a_part() -> None:
    assert [kind_of(part) for part in (RandomCaching, EqualAllocation, BruteForce)] == [
        "caching",
        "allocation",
        "solver",
    ]
