"""What the study's times cannot say."""

from __future__ import annotations

import json

import pandas as pd

from reports.study.machines import machines, versions
from reports.study.study import Study, present
from reports.writing.numbers import PERCENT, counted

_NOTEWORTHY = 0.01
"""Waiting that took a smaller share of the solve times is not worth a sentence."""


def limits_of_times(study: Study) -> list[str]:
    """Sentences; empty where one does not apply."""
    known = machines(study)
    place = f"{len(known)} different machines and are not comparable across them" if len(known) > 1 else "one machine"
    said = [
        f"Times come from {place}; they are wall-clock times of one process, and nothing held the clock of the "
        "processor steady.",
        _load(study.cells),
        _waiting(study.cells),
        _threads(study.cells),
    ]
    if len(versions(study)) > 1:
        said.append(f"The cells come from {len(versions(study))} different sets of versions.")
    return said


def _load(cells: pd.DataFrame) -> str:
    measured = cells.dropna(subset=["load_before", "cores"])
    busy = int((measured["load_before"] >= measured["cores"].astype(float)).sum())
    if not busy:
        return ""
    return f"{counted(busy, 'cell')} started while every core of the machine had something else to do."


def _waiting(cells: pd.DataFrame) -> str:
    measured = cells.dropna(subset=["stalled_s", "solve_s"])
    total = float(measured["solve_s"].sum())
    share = float(measured["stalled_s"].sum()) / total if total > 0 else 0.0
    if share < _NOTEWORTHY:
        return ""
    return (
        f"{100 * share:.0f}{PERCENT} of the solve times may have been waiting for a processor, and is counted in them."
    )


def _threads(cells: pd.DataFrame) -> str:
    counts = {json.loads(text).get("OMP_NUM_THREADS") for text in map(present, cells["threads"].unique()) if text}
    if counts != {"1"}:
        return ""
    return "Every solver had one thread: what more of them would gain is not measured."
