"""Solvers as a process of a cell is told of them: by a name and settings, whatever they are in the session."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from problems.io.errors import InputError, shorten
from problems.io.files import write_bytes
from solvers.allocation.exact import ExactAllocation
from solvers.base import AllocationStrategy, CachingStrategy, NotInstalled, Solver
from solvers.registry import Part, find_part, part_names
from solvers.two_timescale import TwoTimescale
from solvers.untrained import UntrainedAllocation, UntrainedCaching
from t2bench.class_source import source_of

AnySolver = str | Part | Solver | CachingStrategy | AllocationStrategy | UntrainedCaching | UntrainedAllocation
"""A solver by its name, as a class, or as an object."""


def check_is_solver(solver: object) -> None:
    """Raise InputError for what is neither a class nor an object that answers."""
    kinds = (Solver, CachingStrategy, AllocationStrategy, UntrainedCaching, UntrainedAllocation)
    if not (issubclass(solver, kinds) if isinstance(solver, type) else isinstance(solver, kinds)):
        allowed = "a name, or a class or an object that extends Solver, CachingStrategy or AllocationStrategy"
        raise InputError(f"solver: {shorten(solver)}; must be {allowed}")


def checked_dataclass(kind: type) -> type:
    """The class itself. Raises InputError unless it is a dataclass, whose settings are its fields."""
    if not dataclasses.is_dataclass(kind):
        raise InputError(f"solver: {kind.__name__} is no dataclass; must be one, so that its settings are known")
    return kind


def title_of(solver: object) -> str:
    """What a solver is called in tables: its name, or that of its class."""
    if isinstance(solver, TwoTimescale):
        alone = isinstance(solver.allocation, ExactAllocation)
        return title_of(solver.caching) + ("" if alone else f"+{title_of(solver.allocation)}")
    if isinstance(solver, str):
        return solver
    return solver.__name__ if isinstance(solver, type) else type(solver).__name__


def named(solver: AnySolver, settings: Mapping[str, Any] | None, folder: Path) -> tuple[str, dict[str, Any]]:
    """The name and the settings by which another process makes the solver.

    A class of the running session is written to a file in ``folder``. Raises InputError for what is no solver, and for
    a class whose source cannot be had.
    """
    given = dict(settings or {})
    if isinstance(solver, str):
        return solver, given
    check_is_solver(solver)
    if isinstance(solver, type):
        return _name_of(solver, folder), given
    if given:
        raise InputError(f"settings: {shorten(given)}; must be none beside an object, which has its own")
    if not isinstance(solver, TwoTimescale):
        return _name_of(type(solver), folder), _settings_of(solver)
    parts = {"caching": solver.caching, "allocation": solver.allocation}
    if isinstance(solver.allocation, ExactAllocation) and not _settings_of(solver.allocation):
        return _name_of(type(solver.caching), folder), _settings_of(solver.caching)
    own = {f"{kind}.{key}": value for kind, part in parts.items() for key, value in _settings_of(part).items()}
    return "+".join(_name_of(type(part), folder) for part in parts.values()), own


def _name_of(kind: type, folder: Path) -> str:
    """``FILE.py:CLASS``, or the name that a class has without a file."""
    if "<locals>" in kind.__qualname__:
        raise InputError(f"solver: {kind.__qualname__} is defined in a function; must be defined outside of it")
    if kind.__module__ == "__main__":
        return f"{_written(kind, folder)}:{kind.__name__}"
    for name in part_names():
        with suppress(InputError, NotInstalled):
            if find_part(name) is kind:
                return name
    return f"{inspect.getsourcefile(kind)}:{kind.__name__}"


def _written(kind: type, folder: Path) -> Path:
    path = folder.resolve() / f"{kind.__name__}.py"
    content = source_of(kind).encode()
    if not path.is_file() or path.read_bytes() != content:
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes(path, content)
    return path


def _settings_of(part: Any) -> dict[str, Any]:
    """The settings of an object that are not its class's defaults."""
    checked_dataclass(type(part))
    values = {field.name: (getattr(part, field.name), field) for field in dataclasses.fields(part) if field.init}
    return {name: value for name, (value, field) in values.items() if value != _default(field)}


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default
