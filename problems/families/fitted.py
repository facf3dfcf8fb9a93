"""The families that are one scenario each, fitted to measurements: YAML files in ``problems/families/shipped``.

A file is named after its family; the first line, a comment, says what the family is for, and further comments what
it was made from. A family in other sizes has a file of its own, but for the number of frames, which is free.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from problems.families.sizes import Sizes, join, split
from problems.io.errors import InputError
from problems.io.files import read_bytes
from problems.scenario import Scenario, read_scenario

_FOLDER = Path(__file__).parent / "shipped"


@lru_cache(maxsize=1)
def shipped_families() -> dict[str, str]:
    """The names of the families, without sizes, and what they are for."""
    return {path.stem: _purpose(path) for path in sorted(_FOLDER.glob("*.yaml")) if split(path.stem)[1] is None}


def shipped_sizes(family: str) -> Sizes:
    """A family's own sizes."""
    return _sizes(_read(family))


@lru_cache(maxsize=32)
def shipped_scenario(family: str, sizes: Sizes | None) -> Scenario:
    """The scenario of a family in its own sizes or in others. Raises InputError for sizes without a file."""
    scenario = _read(_file_of(family, sizes))
    if sizes is None or sizes == _sizes(scenario):
        return scenario
    return scenario.model_copy(update={"frames": sizes.frames, "family": join(family, sizes)})


def shipped_text(scenario: Scenario) -> str | None:
    """The YAML text of a shipped scenario with the comments on its making; None for any other scenario."""
    for path in _FOLDER.glob("*.yaml"):
        if path.stem == scenario.family and _read(path.stem) == scenario:
            return read_bytes(path).decode()
    return None


def _file_of(family: str, sizes: Sizes | None) -> str:
    """The name of the file that has these sizes, whatever its frames."""
    if sizes is None:
        return family
    offered = {name: _sizes(_read(name)) for name in _names(family)}
    for name, own in offered.items():
        if own._replace(frames=sizes.frames) == sizes:
            return name
    words = " or ".join(f"{own.models} models, {own.users} users and {own.slots} slots" for own in offered.values())
    raise InputError(f"family: {join(family, sizes)!r}; {family} is shipped with {words}, and any number of frames")


def _names(family: str) -> list[str]:
    """The family's own file first."""
    return [family, *(path.stem for path in sorted(_FOLDER.glob(f"{family}-*.yaml")) if split(path.stem)[0] == family)]


@lru_cache(maxsize=32)
def _read(name: str) -> Scenario:
    return read_scenario(_path(name))


def _path(name: str) -> Path:
    return _FOLDER / f"{name}.yaml"


def _sizes(scenario: Scenario) -> Sizes:
    return Sizes(len(scenario.models), scenario.users, scenario.slots, scenario.frames)


def _purpose(path: Path) -> str:
    return read_bytes(path).decode().partition("\n")[0].lstrip("# ")
