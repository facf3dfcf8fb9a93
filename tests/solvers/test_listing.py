"""What is read from sources is what the imported classes say, and nothing is imported for it."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from solvers.listing import NotReadable, describe, describe_in_file, description_of
from solvers.registry import BUILT_IN, description, find_part, kind_of
from tests.cases import LEARNERS
from tests.places import ROOT

WAYS = '''"""Promises said in several ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from solvers.base import Capabilities, OnlineCaching, Solver

MANY = 12
{imports}


class Between(OnlineCaching):
    """No part itself."""

    tier = "online-model-based"
    needs_training = True


@dataclass(frozen=True)
class Inherits(Between):
    """Says nothing itself. Twice.

    And has more to say.
    """

    shown: ClassVar[int] = 1
    samples: int = MANY
    share: float = -0.5
    folder: str | None = None


@dataclass(frozen=True)
class Again(Inherits):
    """Overrides one default."""

    exact = True
    samples: int = 3


@dataclass(frozen=True)
class Whole(Solver):
    """By a property."""

    @property
    def capabilities(self) -> Capabilities:
        """Fixed."""
        return Capabilities("hindsight", exact=True, takes_start=True)


@dataclass(frozen=True)
class Computed(Solver):
    """By a computation."""

    @property
    def capabilities(self) -> Capabilities:
        promised = dict(exact=True)
        return Capabilities("hindsight", **promised)

    def solve(self, instance, budget, report):
        """Not asked."""


@dataclass(frozen=True)
class Stranger:
    """Extends nothing."""
'''


@pytest.fixture
def ways(tmp_path: Path) -> Path:
    path = tmp_path / "ways.py"
    path.write_text(WAYS.format(imports=""))
    return path


@pytest.mark.parametrize("name", [*BUILT_IN, *LEARNERS])
def test_the_source_of_every_part_says_what_its_class_does(name: str) -> None:
    part: Any = find_part(name)
    promises = part().capabilities if kind_of(part) == "solver" else part
    imported = description_of(part, kind_of(part), promises)
    assert dataclasses.replace(description(name), extra=None) == imported


def test_promises_and_settings_are_inherited(ways: Path) -> None:
    says = describe_in_file(ways, "Inherits")
    assert (says.kind, says.tier, says.training, says.exact) == ("caching", "online-model-based", True, False)
    assert says.settings == {"samples": 12, "share": -0.5, "folder": None}
    assert says.summary == "Says nothing itself. Twice."
    again = describe_in_file(ways, "Again")
    assert (again.exact, again.settings) == (True, says.settings | {"samples": 3})


def test_a_property_may_say_it_too(ways: Path) -> None:
    says = describe_in_file(ways, "Whole")
    assert (says.kind, says.tier, says.exact, says.bound, says.start) == ("solver", "hindsight", True, False, True)


@pytest.mark.parametrize("name", ["Computed", "Stranger", "Nobody"])
def test_what_cannot_be_read_is_not_guessed(ways: Path, name: str) -> None:
    with pytest.raises(NotReadable):
        describe_in_file(ways, name)


def test_what_cannot_be_read_is_imported(ways: Path) -> None:
    says = description(f"{ways}:Computed")
    assert (says.tier, says.exact, says.summary) == ("hindsight", True, "By a computation.")


def test_a_source_is_read_and_not_run(ways: Path) -> None:
    ways.write_text(WAYS.format(imports="raise SystemExit"))
    assert description(f"{ways}:Inherits").training


@pytest.mark.parametrize("target", ["no_such_module:Part", "solvers.caching.lru:Nobody", "math:Part", "numpy:Part"])
def test_a_target_that_has_no_such_source(target: str) -> None:
    with pytest.raises(NotReadable):
        describe(target)


def test_listing_imports_no_solver() -> None:
    program = (
        "import sys; from solvers.registry import listed, needs_training; rows = listed()\n"
        "assert needs_training('t2drl') and needs_training('ddqn+exact') and not needs_training('exhaustive')\n"
        "heavy = {'torch', 'numba', 'pulp', 'cvxpy', 'scipy'} & set(sys.modules)\n"
        "own = [name for name in sys.modules if name.startswith(('solvers.caching.', 'solvers.joint.', 't2drl.'))]\n"
        "assert not heavy, heavy\n"
        "assert set(own) <= {'t2drl.strategies'}, own\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
