"""A solution: cache, bandwidth and steps, with what its solver claims of them; JSON files."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from problems.instance import Instance
from problems.io.errors import InputError, shorten
from problems.io.files import read_bytes, write_bytes
from problems.io.json_document import check_header, parse_json
from problems.prices import Prices
from problems.status import Status

FORMAT = "t2bench-solution"


@dataclass(frozen=True, eq=False)
class Solution:
    """Decisions and claims. The judge alone says what they are worth.

    Decisions are arrays of any numeric type; what a file leaves out is NaN. A solver hands over
    the decisions, its ``lower_bound`` on J and its ``status``; :meth:`signed` adds the rest.
    """

    cache: np.ndarray
    """(T, M) rho: 1 where the model is held in the frame."""
    bandwidth: np.ndarray
    """(T, K, N) b: shares of the band."""
    steps: np.ndarray
    """(T, K, N) s: denoising steps; 0 sends the request to the cloud."""
    lower_bound: float | None = None
    """A certified lower bound on J over all feasible solutions, or None."""
    status: Status = "feasible"
    objective: float | None = None
    """The claimed J."""
    solver: str = ""
    tier: str = ""
    instance: str = ""
    instance_sha256: str = ""
    prices: Prices | None = None
    """Proof of a lower bound, perhaps a smaller one, or None; kept in a certificate beside the solution's file."""

    def signed(self, instance: Instance, solver: str, tier: str, objective: float | None) -> Solution:
        """The same decisions with the names that the file format asks for."""
        return replace(
            self,
            solver=solver,
            tier=tier,
            objective=objective,
            instance=instance.name,
            instance_sha256=instance.sha256,
        )


def solution_document(solution: Solution) -> dict[str, Any]:
    """The JSON object of file format version 1; null stands for what is no finite number."""
    return {
        "format": FORMAT,
        "version": 1,
        "instance": solution.instance,
        "instance_sha256": solution.instance_sha256,
        "solver": solution.solver,
        "tier": solution.tier,
        "cache": _whole_numbers(solution.cache),
        "bandwidth": _decimals(solution.bandwidth),
        "steps": _whole_numbers(solution.steps),
        "objective": _finite_or_none(solution.objective),
        "lower_bound": _finite_or_none(solution.lower_bound),
        "status": solution.status,
    }


def _decimals(values: np.ndarray) -> Any:
    values = np.asarray(values, dtype=float)
    entries = values.astype(object)
    entries[~np.isfinite(values)] = None
    return entries.tolist()


def _whole_numbers(values: np.ndarray) -> Any:
    """Whole numbers as such; fractions stay, for the judge to refuse."""
    values = np.asarray(values, dtype=float)
    with np.errstate(invalid="ignore"):
        whole = (np.floor(values) == values) & (np.abs(values) < 2**53)
    return values.astype(np.int64).tolist() if whole.all() else _decimals(values)


def _finite_or_none(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def write_solution(solution: Solution, path: Path) -> None:
    """Write as JSON. Raises InputError when the file cannot be written."""
    text = json.dumps(solution_document(solution), allow_nan=False)
    write_bytes(path, text.encode() + b"\n")


def read_solution(path: Path, instance: Instance) -> Solution:
    """Read a solution of ``instance``.

    Entries that are absent (a field, a null, a list cut short) become NaN, for the judge to report;
    fractions stay fractions. Raises InputError for what cannot be read at all: broken JSON,
    NaN, text where numbers belong, more entries than the instance has.
    """
    content = read_bytes(path)
    try:
        return from_document(parse_json(content), instance)
    except InputError as error:
        raise error.within(str(path)) from None


def from_document(document: dict[str, Any], instance: Instance) -> Solution:
    """A solution of ``instance`` from the JSON object of file format version 1. Raises InputError."""
    check_header(document, FORMAT)
    slots = (instance.frames, instance.slots, instance.users)
    status: Any = document.get("status")
    if status not in get_args(Status):
        raise InputError(f"status: {shorten(status)}; must be one of {', '.join(get_args(Status))}")
    return Solution(
        cache=_filled(document.get("cache"), "cache", (instance.frames, len(instance.models))),
        bandwidth=_filled(document.get("bandwidth"), "bandwidth", slots),
        steps=_filled(document.get("steps"), "steps", slots),
        lower_bound=_number(document, "lower_bound"),
        status=status,
        objective=_number(document, "objective"),
        solver=_text(document, "solver"),
        tier=_text(document, "tier"),
        instance=_text(document, "instance"),
        instance_sha256=_text(document, "instance_sha256"),
    )


def _filled(value: Any, field: str, shape: tuple[int, ...]) -> np.ndarray:
    """An array of ``shape`` with NaN where ``value`` has no entry."""
    if value is None:
        return np.full(shape, np.nan)
    if not shape:
        if not isinstance(value, int | float):
            raise InputError(f"{field}: {shorten(value)}; must be a number")
        return np.array(float(value))
    if not isinstance(value, list) or len(value) > shape[0]:
        found = f"{len(value)} entries" if isinstance(value, list) else shorten(value)
        raise InputError(f"{field}: {found}; must be a list of {shape[0]}")
    array = np.full(shape, np.nan)
    for i, entry in enumerate(value):
        array[i] = _filled(entry, f"{field}[{i}]", shape[1:])
    return array


def _number(document: dict[str, Any], field: str) -> float | None:
    value = document.get(field)
    if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
        raise InputError(f"{field}: {shorten(value)}; must be a number or null")
    return None if value is None else float(value)


def _text(document: dict[str, Any], field: str) -> str:
    value = document.get(field)
    if not isinstance(value, str):
        raise InputError(f"{field}: {shorten(value)}; must be text")
    return value
