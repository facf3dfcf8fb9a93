"""Cells of instances that differ in their sizes."""

from __future__ import annotations

from typing import Any

from problems.families.sizes import Sizes, join
from tests.reports.cells import Row, cell

BASE = Sizes(models=10, users=10, slots=10, frames=1)


def sized_row(label: str, seconds: float | None, seed: int = 0, **columns: Any) -> Row:
    """A cell of an instance of other sizes; the sizes are among the columns, by default those of BASE."""
    sizes = BASE._replace(**{field: columns.pop(field) for field in Sizes._fields if field in columns})
    family = join(columns.pop("family", "paper"), sizes)
    columns = {"family": family, "scenario_seed": seed, "solve_s": seconds, **sizes._asdict()} | columns
    return cell(label, f"{family}-s{seed}-t0", columns.pop("cost", 2.0), **columns)


def along(label: str, dimension: str, times: dict[int, list[float]], **columns: Any) -> list[Row]:
    """Cells along one dimension: a size, then the seconds of each instance of it."""
    return [
        sized_row(label, seconds, seed, **{dimension: size}, **columns)
        for size, several in times.items()
        for seed, seconds in enumerate(several)
    ]
