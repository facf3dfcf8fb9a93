"""The optional libraries of solvers, by the extra of this package that installs them."""

from __future__ import annotations

from importlib.util import find_spec

from solvers.base import NotInstalled

LIBRARIES = {
    "scip": ("pyscipopt",),
    "casadi": ("casadi",),
    "learn": ("torch", "safetensors"),
    "sb3": ("torch", "safetensors", "gymnasium", "stable_baselines3"),
}


def missing(extra: str) -> str | None:
    """The command that installs what an extra lacks here; None where it lacks nothing."""
    if all(find_spec(library) is not None for library in LIBRARIES[extra]):
        return None
    return f"pip install 't2bench[{extra}]'"


def require(extra: str) -> None:
    """Raise NotInstalled where a library of the extra is missing; a module that needs it says so before it imports."""
    command = missing(extra)
    if command is not None:
        raise NotInstalled(command)
