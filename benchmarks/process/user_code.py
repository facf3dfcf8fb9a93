"""Solvers in a user's own files: made, and the line of the file where an exception was raised."""

from __future__ import annotations

import contextlib
import dataclasses
import traceback
from collections.abc import Iterator, Mapping
from types import FunctionType
from typing import Any, NamedTuple

from problems.io.errors import InputError
from solvers.base import NotInstalled, Solver
from solvers.file_parts import is_in_file, split
from solvers.registry import composite, make_solver

_OWN = frozenset(("builtins", "abc", "problems", "solvers", "t2drl"))
"""The top-level packages whose classes are not the user's."""


class Place(NamedTuple):
    """A line of a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def user_files(name: str, solver: Solver | None = None) -> dict[str, str]:
    """The files that a solver's own code comes from, each by the name that its code objects have.

    Of ``FILE.py:CLASS`` FILE as it is written there; of other classes that are not this package's, and that ``solver``
    or its two strategies are made of, what Python calls the file.
    """
    files = {}
    for found in filter(None, (solver, *_strategies(solver))):
        for kind in type(found).__mro__:
            if kind.__module__.partition(".")[0] not in _OWN:
                for value in vars(kind).values():
                    function = value.fget if isinstance(value, property) else value
                    if isinstance(function, FunctionType):
                        files[function.__code__.co_filename] = function.__code__.co_filename
    for part in composite(name) or (name,):
        if is_in_file(part):
            file, _ = split(part)
            files[str(file.resolve())] = str(file)
    return files


def _strategies(solver: Solver | None) -> list[object]:
    if not dataclasses.is_dataclass(solver):
        return []
    values = [getattr(solver, field.name, None) for field in dataclasses.fields(solver)]
    return [value for value in values if any(kind.__module__.startswith("solvers.") for kind in type(value).__mro__)]


def place_in(error: BaseException, files: dict[str, str]) -> Place | None:
    """The innermost line of these files (:func:`user_files`) that an exception, or what led to it, passed through.

    None where there is none, or where the exception's own words have it, as those of a SyntaxError do.
    """
    raised: BaseException | None = error
    while raised is not None and not isinstance(raised, SyntaxError):
        for frame, line in reversed(list(traceback.walk_tb(raised.__traceback__))):
            if frame.f_code.co_filename in files:
                return Place(files[frame.f_code.co_filename], line)
        raised = raised.__cause__ or raised.__context__
    return None


def made(name: str, settings: Mapping[str, Any]) -> Solver:
    """The solver of a name. Raises NotInstalled, or InputError as :func:`complaints_placed`."""
    with complaints_placed(name):
        return make_solver(name, settings)


@contextlib.contextmanager
def complaints_placed(name: str) -> Iterator[None]:
    """Whatever is raised while the solver of a name is made becomes one line, with the place in the user's file.

    Raises InputError; NotInstalled goes through.
    """
    try:
        yield
    except NotInstalled:
        raise
    except Exception as error:
        place = place_in(error, user_files(name))
        if isinstance(error, InputError):
            if place is None:
                raise
            raise InputError(f"{error} ({place})") from error
        complaint = f"{name} cannot be made: {type(error).__name__}: {error}"
        raise InputError(complaint if place is None else f"{complaint} ({place})") from error
