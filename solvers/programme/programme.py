"""A mixed-integer programme: named columns, sparse linear rows, and air times as its only nonlinear part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csr_matrix, vstack

Entries = tuple[np.ndarray, np.ndarray, np.ndarray | float]
"""Row of the block, column, value; broadcast against each other."""


@dataclass(frozen=True, eq=False)
class AirRows:
    """Rows ``seconds >= up / (b ln(1 + snr / b)) + down / b``, convex; (A,) arrays."""

    share: np.ndarray
    """Columns of b."""
    seconds: np.ndarray
    """Columns of the air time."""
    up: np.ndarray
    snr: np.ndarray
    down: np.ndarray

    @classmethod
    def none(cls) -> AirRows:
        """No row."""
        columns, values = np.zeros(0, dtype=np.int64), np.zeros(0)
        return cls(columns, columns, values, values, values)

    def __len__(self) -> int:
        return len(self.share)


@dataclass(frozen=True, eq=False)
class Programme:
    """Minimise ``cost @ x + constant`` over box, linear rows, integrality and air times."""

    names: tuple[str, ...]
    """(V,), all different."""
    cost: np.ndarray
    """(V,)."""
    constant: float
    lower: np.ndarray
    """(V,)."""
    upper: np.ndarray
    """(V,); ``inf`` where there is none."""
    integer: np.ndarray
    """(V,) bool."""
    matrix: csr_matrix
    """(R, V)."""
    limit: np.ndarray
    """(R,): ``matrix @ x <= limit``."""
    equal: np.ndarray
    """(R,) bool: rows that hold with equality."""
    air: AirRows

    def scaled(self, factor: float) -> Programme:
        """The same programme with its objective times ``factor`` > 0."""
        return replace(self, cost=self.cost * factor, constant=self.constant * factor)

    def with_rows(self, matrix: csr_matrix, limit: np.ndarray) -> Programme:
        """The same programme with more rows ``matrix @ x <= limit``."""
        return replace(
            self,
            matrix=vstack([self.matrix, matrix], format="csr"),
            limit=np.concatenate([self.limit, limit]),
            equal=np.concatenate([self.equal, np.zeros(len(limit), dtype=bool)]),
        )

    def value(self, x: np.ndarray) -> float:
        """The objective at ``x`` (V,)."""
        return float(self.cost @ x + self.constant)

    def broken(self, x: np.ndarray) -> float:
        """How far ``x`` (V,) is beyond the box or a linear row at most; not positive where it keeps them."""
        over = self.matrix @ x - self.limit
        rows = np.where(self.equal, np.abs(over), over)
        return float(max(rows.max(initial=-np.inf), (self.lower - x).max(), (x - self.upper).max()))


@dataclass
class Builder:
    """Collects columns and rows in blocks."""

    names: list[str] = field(default_factory=list)
    blocks: dict[str, np.ndarray] = field(default_factory=dict)
    """The numbers of the columns of each block."""
    cost: list[np.ndarray] = field(default_factory=list)
    lower: list[np.ndarray] = field(default_factory=list)
    upper: list[np.ndarray] = field(default_factory=list)
    integer: list[np.ndarray] = field(default_factory=list)
    entries: list[tuple[np.ndarray, ...]] = field(default_factory=list)
    limit: list[np.ndarray] = field(default_factory=list)
    equal: list[np.ndarray] = field(default_factory=list)
    rows: int = 0

    def columns(
        self,
        name: str,
        places: Sequence[str],
        cost: np.ndarray | float,
        lower: np.ndarray | float,
        upper: np.ndarray | float,
        integer: bool = False,
    ) -> np.ndarray:
        """Add a block of columns ``name_place``; returns their numbers."""
        first, count = len(self.names), len(places)
        self.names += [f"{name}_{place}" for place in places]
        for store, value in ((self.cost, cost), (self.lower, lower), (self.upper, upper)):
            store.append(np.broadcast_to(np.asarray(value, dtype=float), count))
        self.integer.append(np.full(count, integer))
        self.blocks[name] = np.arange(first, first + count)
        return self.blocks[name]

    def least(self, name: str) -> np.ndarray:
        """The lower bounds of a block."""
        return self.lower[list(self.blocks).index(name)]

    def add(self, limit: np.ndarray, *entries: Entries, equal: bool = False) -> None:
        """Add as many rows as there are limits."""
        for row, column, value in entries:
            parts = np.broadcast_arrays(np.asarray(row) + self.rows, column, np.asarray(value, dtype=float))
            self.entries.append(tuple(part.ravel() for part in parts))
        self.limit.append(np.asarray(limit, dtype=float))
        self.equal.append(np.full(len(limit), equal))
        self.rows += len(limit)

    def programme(self, constant: float, air: AirRows) -> Programme:
        """What was collected."""
        row, column, value = (np.concatenate(parts) for parts in zip(*self.entries, strict=True))
        used = value != 0
        shape = (self.rows, len(self.names))
        return Programme(
            names=tuple(self.names),
            cost=np.concatenate(self.cost),
            constant=constant,
            lower=np.concatenate(self.lower),
            upper=np.concatenate(self.upper),
            integer=np.concatenate(self.integer),
            matrix=csr_matrix((value[used], (row[used], column[used])), shape=shape),
            limit=np.concatenate(self.limit),
            equal=np.concatenate(self.equal),
            air=air,
        )
