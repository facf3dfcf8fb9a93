"""What solvers decided on an instance: caches over the frames, bandwidth and steps in the slots."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from problems.instance import Instance
from problems.judge import proves_optimal
from problems.solution import Solution
from reports.study.answers import first_answers
from reports.study.study import Study

MOST_CHARACTERS = 2_000_000
"""Of all decisions on the page together."""
_MOST_SLOT_CHARACTERS = 400_000
"""Of one instance's bandwidth and steps; where they need more, its caches stand alone."""
_PARTS = 1000
"""Bandwidth is written in thousandths of the band."""


def decisions(study: Study, chosen: Iterable[str], solvers: Sequence[str]) -> list[dict[str, Any]]:
    """One entry for every instance of ``chosen`` with solutions, as many as the page has room for.

    ``solver`` and ``instance`` are places in ``solvers`` and in ``study.references``. The first answer of each
    entry is the cheapest one, ``optimal`` where its cost is certified.
    """
    if study.answers is None:
        return []
    first = first_answers(study.cells)
    places = {sha: place for place, sha in enumerate(study.references)}
    entries: list[dict[str, Any]] = []
    room = MOST_CHARACTERS
    for sha in chosen:
        solutions = study.answers.solutions([answer.cell_id for answer in first.get(sha, ())])
        answers = [answer for answer in first.get(sha, ()) if answer.cell_id in solutions]
        if not answers:
            continue
        reference = study.references[sha]
        optimal = reference.certified and proves_optimal(answers[0].cost, reference.best_cost)
        decided = [(solvers.index(answer.label), solutions[answer.cell_id]) for answer in answers]
        entry = {"instance": places[sha], "optimal": optimal, **_entry(study.answers.instance(sha), decided)}
        room -= len(json.dumps(entry, separators=(",", ":")))
        if room < 0:
            break
        entries.append(entry)
    return entries


def _entry(instance: Instance, answers: list[tuple[int, Solution]]) -> dict[str, Any]:
    slots = [(_thousandths(answer.bandwidth), _whole(answer.steps)) for _, answer in answers]
    fits = sum(len(json.dumps(values, separators=(",", ":"))) for values in slots) <= _MOST_SLOT_CHARACTERS
    entries = [
        {"solver": solver, "cache": "".join("1" if held else "0" for held in np.ravel(answer.cache) > 0)}
        | ({"bandwidth": bandwidth, "steps": steps} if fits else {})
        for (solver, answer), (bandwidth, steps) in zip(answers, slots, strict=True)
    ]
    return {
        "frames": instance.frames,
        "slots": instance.slots,
        "users": instance.users,
        "models": [model.name for model in instance.models],
        "sizes": [round(model.size_gb, 2) for model in instance.models],
        "capacity": round(instance.system.cache_gb, 2),
        "budget": int(instance.system.step_budget),
        "request": _whole(instance.trace.request) if fits else None,
        "answers": entries,
    }


def _thousandths(values: np.ndarray) -> list[int]:
    return _whole(np.rint(_PARTS * np.asarray(values, dtype=float)))


def _whole(values: np.ndarray) -> list[int]:
    return [int(value) for value in np.ravel(values)]
