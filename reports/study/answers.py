"""What the solvers of a study decided, as far as a store kept it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from problems.instance import Instance
from problems.solution import Solution


class StoredAnswers(Protocol):
    """Solutions and their instances, each read when it is asked for."""

    def solutions(self, cell_ids: Collection[str]) -> dict[str, Solution]:
        """By its id the solution of each of the cells that has one."""

    def caches(self, cell_ids: Collection[str]) -> dict[str, np.ndarray]:
        """By its id the cache of each of the cells that has a solution."""

    def instance(self, sha256: str) -> Instance:
        """An instance by its hash."""


class Answer(NamedTuple):
    """What a solver reached on an instance."""

    label: str
    cost: float
    cell_id: str


def first_answers(cells: pd.DataFrame) -> dict[str, list[Answer]]:
    """By instance: that of the first solved cell of every solver, the cheapest first."""
    solved = cells.loc[cells["solved"], ["instance_sha256", "label", "cost", "cell_id"]]
    first = solved.drop_duplicates(["instance_sha256", "label"]).sort_values(["cost", "label"], kind="stable")
    found: dict[str, list[Answer]] = {}
    for sha, *answer in zip(*(first[name].tolist() for name in first), strict=True):
        found.setdefault(sha, []).append(Answer(*answer))
    return found
