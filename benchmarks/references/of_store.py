"""The references of every instance of a store: what its cells say, and the shipped table beside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from benchmarks.references.reference import Answer, Reference, reference_of
from benchmarks.references.shipped_answers import shipped_answers
from benchmarks.store.store import Store
from problems.judge import close

_SAME_CELL = (
    *("matrix", "label", "solver", "settings", "instance_sha256"),
    *("repetition", "seed", "time_limit_s", "memory_limit_gb", "cpu_limit_s"),
)
_ANSWER = ("label", "solver", "exact", "status", "cost", "lower_bound")
COLUMNS = ("cell_id", *_SAME_CELL, "started_at", "instance", "exact", "status", "cost", "lower_bound")
"""What references are made from."""


def newest(rows: pd.DataFrame) -> pd.DataFrame:
    """Of the rows that differ in nothing but the code that answered, the one that was started last."""
    return rows.sort_values(["started_at", "cell_id"], kind="stable").drop_duplicates(list(_SAME_CELL), keep="last")


def answers_of(rows: pd.DataFrame) -> dict[str, list[Answer]]:
    """By ``instance_sha256``, in the order of the rows: what these cells say."""
    answers: dict[str, list[Answer]] = {}
    # Plain objects: texts that pandas keeps in Arrow are slow to iterate over.
    columns = [rows[name].to_numpy(dtype=object) for name in ("instance_sha256", *_ANSWER)]
    for sha256, *values in zip(*columns, strict=True):
        answers.setdefault(str(sha256), []).append(Answer.of_row(dict(zip(_ANSWER, values, strict=True))))
    return answers


def references_of(rows: pd.DataFrame) -> dict[str, Reference]:
    """By ``instance_sha256``, in the order of the rows: what these cells and the shipped table establish."""
    answers = answers_of(rows)
    shipped = shipped_answers(answers)
    return {sha256: reference_of([*own, *_levelled(shipped.get(sha256, ()), own)]) for sha256, own in answers.items()}


def _levelled(shipped: Iterable[Answer], own: Iterable[Answer]) -> list[Answer]:
    """The shipped answers, with the cost of the best own one where the two differ by no more than rounding."""
    best = min((answer.cost for answer in own if answer.cost is not None), default=math.inf)
    return [
        replace(answer, cost=best) if answer.cost is not None and close(best, answer.cost) else answer
        for answer in shipped
    ]


@dataclass(frozen=True)
class InstanceReference:
    """The reference of one instance of a store."""

    instance: str
    """Its name."""
    instance_sha256: str
    reference: Reference

    def record(self) -> dict[str, Any]:
        """Value and bound, what they rest on and who proved them, as JSON values."""
        reference = self.reference
        return {
            "instance": self.instance,
            "instance_sha256": self.instance_sha256,
            "value": reference.best_cost,
            "bound": reference.best_bound,
            "source": reference.source,
            "by": ", ".join(reference.provers) or reference.best_label,
            "provenance": reference.provenance,
        }

    def contradictions(self) -> list[str]:
        """A line for every bound that a cost of another cell, or of the shipped table, shows to be false."""
        return [
            f"contradiction: {one.label} states that no solution of {self.instance} costs less than {one.bound!r}; "
            f"{one.cost_label} found one that costs {one.cost!r}"
            for one in self.reference.contradictions
        ]


def references_in(store: Store) -> list[InstanceReference]:
    """The references of every instance of a store, derived from its rows, in the order of instances' names."""
    rows = newest(store.rows(*COLUMNS))
    names = dict(zip(rows["instance_sha256"], rows["instance"], strict=True))
    found = [InstanceReference(names[sha256], sha256, reference) for sha256, reference in references_of(rows).items()]
    return sorted(found, key=lambda one: (one.instance, one.instance_sha256))


def keep_references(store: Store, references: Sequence[InstanceReference]) -> None:
    """Write them into the store, in the place of what it kept before."""
    columns = ("instance_sha256", "value", "bound", "source", "provenance")
    store.keep_references([{name: record[name] for name in columns} for record in (one.record() for one in references)])
