"""Certificates as files: what proves a lower bound, kept beside a solution.

Prices are a proof that anyone can recompute without a solver. A search's bound is the word of the search, with
its name; both may stand in one certificate and are never mixed up.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from problems.certificates.bound import certified_bound, check_prices
from problems.instance import Instance
from problems.io.arrays import number_array
from problems.io.errors import InputError, shorten
from problems.io.files import read_bytes, write_bytes
from problems.io.json_document import check_header, parse_json
from problems.prices import Prices
from problems.tolerances import OBJECTIVE_TOLERANCE, OPTIMALITY_TOLERANCE

FORMAT = "t2bench-certificate"
VERSIONS = (2, 1)
"""What is written, and what else is read: version 1 knew prices alone."""
SUFFIX = ".certificate.json"
ARRAYS = tuple(field.name for field in fields(Prices))


@dataclass(frozen=True)
class SearchBound:
    """A lower bound on J that a search claims to have proved; nothing here can be recomputed."""

    solver: str
    lower_bound: float
    tolerance: float = OBJECTIVE_TOLERANCE
    """Relative: how far the bound may be above a cost without being false, for rounding."""

    def holds(self, cost: float) -> bool:
        """Whether a feasible cost does not contradict it."""
        return self.lower_bound <= cost + self.tolerance * abs(cost)


@dataclass(frozen=True, eq=False)
class Certificate:
    """Prices, a search's bound, or both."""

    prices: Prices | None
    search: SearchBound | None

    @classmethod
    def of(
        cls, instance: Instance, solver: str, lower_bound: float | None, prices: Prices | None
    ) -> Certificate | None:
        """What is left to keep of an answer's bound and prices, or None.

        The search is named only where its bound says more than its prices prove.
        """
        proved = None if prices is None else certified_bound(instance, prices)
        if lower_bound is None or (proved is not None and lower_bound <= proved + OBJECTIVE_TOLERANCE * abs(proved)):
            return None if prices is None else cls(prices, None)
        return cls(prices, SearchBound(solver, lower_bound))


def certificate_path(solution: Path) -> Path:
    """Where the certificate of a solution's file stands: ``s.certificate.json`` beside ``s.json``."""
    return solution.with_name(solution.name.removesuffix(".json") + SUFFIX)


def remove_certificate(path: Path) -> None:
    """Remove the certificate of an earlier answer, if there is one. Raises InputError where it has to stay."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be removed: {(error.strerror or str(error)).lower()}") from None


def write_certificate(instance: Instance, certificate: Certificate, path: Path) -> None:
    """Write as JSON. Raises InputError when the file cannot be written."""
    prices, search = certificate.prices, certificate.search
    document = {
        "format": FORMAT,
        "version": VERSIONS[0],
        "instance": instance.name,
        "instance_sha256": instance.sha256,
        "prices": None if prices is None else {name: getattr(prices, name).tolist() for name in ARRAYS},
        "search": None if search is None else vars(search),
    }
    write_bytes(path, json.dumps(document, allow_nan=False).encode() + b"\n")


def read_certificate(path: Path, instance: Instance) -> Certificate:
    """The certificate in a file, for ``instance``. Raises InputError, one line that names what is wrong."""
    content = read_bytes(path)
    try:
        document = parse_json(content)
        check_header(document, FORMAT, VERSIONS)
        if document.get("instance_sha256") != instance.sha256:
            found = shorten(document.get("instance_sha256"))
            raise InputError(f"instance_sha256: {found}; must be {instance.sha256!r}, the hash of this instance")
        prices, search = document.get("prices"), document.get("search")
        if prices is None and (search is None or document["version"] == 1):
            raise InputError("prices: null; a certificate needs prices or a search's bound")
        return Certificate(
            None if prices is None else _prices(prices, instance), None if search is None else _search(search)
        )
    except InputError as error:
        raise error.within(str(path)) from None


def _prices(value: Any, instance: Instance) -> Prices:
    if not isinstance(value, dict):
        raise InputError(f"prices: {shorten(value)}; must be an object")
    frames, slots, models = instance.frames, instance.slots, len(instance.models)
    shapes = dict(zip(ARRAYS, ((frames, slots), (frames, slots), (frames, models)), strict=True))
    prices = Prices(**{name: number_array(value.get(name), f"prices.{name}", shape) for name, shape in shapes.items()})
    check_prices(instance, prices)
    return prices


def _search(value: Any) -> SearchBound:
    if not isinstance(value, dict):
        raise InputError(f"search: {shorten(value)}; must be an object")
    solver = value.get("solver")
    if not isinstance(solver, str) or not solver:
        raise InputError(f"search.solver: {shorten(solver)}; must be text")
    bound, tolerance = (_number(value, name) for name in ("lower_bound", "tolerance"))
    if not 0 <= tolerance <= OPTIMALITY_TOLERANCE:
        raise InputError(f"search.tolerance: {tolerance:g}; must be in 0..{OPTIMALITY_TOLERANCE:g}")
    return SearchBound(solver, bound, tolerance)


def _number(value: dict[str, Any], field: str) -> float:
    number = value.get(field)
    if not isinstance(number, int | float) or isinstance(number, bool):
        raise InputError(f"search.{field}: {shorten(number)}; must be a number")
    return float(number)
