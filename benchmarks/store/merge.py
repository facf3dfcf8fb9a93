"""Stores from other machines taken into one: cells by their ids, the first of two stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.process.outcome import is_number
from benchmarks.store.store import Store
from problems.judge import close

_ANSWER = ("cell_id", "status", "cost")
_COLUMNS = (*_ANSWER, "label", "instance", "repetition")


@dataclass(frozen=True)
class Conflict:
    """A cell that two stores answer differently: another status, or a cost beyond the judge's tolerance."""

    label: str
    instance: str
    repetition: int
    kept: str
    """Status and cost of the row that stays."""
    refused: str


@dataclass(frozen=True)
class Merged:
    """What one store brought into another."""

    added: int
    present: int
    """Cells that were there already, conflicts included."""
    conflicts: tuple[Conflict, ...]


def merge(store: Store, source: Store) -> Merged:
    """Take the cells of ``source`` that ``store`` lacks into it, all or none of them.

    Raises InputError when one cannot be read or the other not written; then nothing was taken.
    """
    ours = {str(row["cell_id"]): row for row in store.rows(*_COLUMNS).to_dict("records")}
    theirs = {str(row["cell_id"]): row for row in source.records(*_ANSWER)}
    pairs = [(kept, theirs[cell_id]) for cell_id, kept in ours.items() if cell_id in theirs]
    conflicts = [_conflict(kept, refused) for kept, refused in pairs if not _agree(kept, refused)]
    new = theirs.keys() - ours.keys()
    added = store.adopt(source, new) if new else 0
    return Merged(added, len(theirs) - added, tuple(conflicts))


def _agree(one: dict[Any, Any], other: dict[Any, Any]) -> bool:
    if one["status"] != other["status"] or is_number(one["cost"]) != is_number(other["cost"]):
        return False
    return not is_number(one["cost"]) or close(one["cost"], other["cost"])


def _conflict(kept: dict[Any, Any], refused: dict[Any, Any]) -> Conflict:
    return Conflict(kept["label"], kept["instance"], int(kept["repetition"]), _answer(kept), _answer(refused))


def _answer(row: dict[Any, Any]) -> str:
    return f"{row['status']}, cost {row['cost']!r}" if is_number(row["cost"]) else str(row["status"])
