"""Cells without a judged answer: why, and how to see it again."""

from __future__ import annotations

import json

import pandas as pd

from reports.study.cells import present
from reports.study.study import Study

_LONGEST = 240
"""A reason is cut to so many characters; the store has all of it."""
_WHERE = ["family", "instance", "label", "status", "repetition", "seed"]


def failures(study: Study) -> pd.DataFrame:
    """One row for every cell that was tried and has no feasible judged cost, with ``reason`` and ``command``."""
    cells = study.cells[~study.cells["solved"] & (study.cells["outcome"] != "not-tried")]
    table = cells[_WHERE].copy()
    table["instance"] = [study.names[sha] for sha in cells["instance_sha256"]]
    table["reason"] = [reason(row) for _, row in cells.iterrows()]
    table["command"] = cells["command"].map(present)
    return table.reset_index(drop=True)


def not_tried(study: Study) -> pd.DataFrame:
    """One row for every solver, family and reason for which cells were not tried, with their number."""
    cells = study.cells[study.cells["outcome"] == "not-tried"]
    table = cells[["label", "family", "status"]].copy()
    table["reason"] = [reason(row) for _, row in cells.iterrows()]
    return table.groupby(list(table.columns), sort=False).size().reset_index(name="cells")


def reason(row: pd.Series) -> str:
    """Why a cell has no answer, in one line; a solver that broke has the last line of its error output."""
    if row["status"] == "bound-only":
        return "a bound, no solution"
    why = first_line(row["error"]) or first_violation(row["violations"]) or str(row["status"])
    tail = last_line(row["stderr_tail"]) if row["status"] in ("crash", "error") else ""
    text = f"{why}; {tail}" if tail and tail not in why else why
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def first_violation(violations: object) -> str:
    """The first of a list of violations in JSON text, with the number of further ones."""
    try:
        found = json.loads(present(violations) or "[]")
    except json.JSONDecodeError:
        return present(violations)
    if not isinstance(found, list) or not found:
        return ""
    first = found[0]
    text = str(first.get("message") or first) if isinstance(first, dict) else str(first)
    return text + (f" (and {len(found) - 1} more)" if len(found) > 1 else "")


def first_line(text: object) -> str:
    """The first line that is not blank."""
    return next((line.strip() for line in present(text).splitlines() if line.strip()), "")


def last_line(text: object) -> str:
    """The last line that is not blank and not Python's list of loaded modules after a fatal signal."""
    lines = [line.strip() for line in present(text).splitlines()]
    return next((line for line in reversed(lines) if line and not line.startswith("Extension modules:")), "")
