"""What solvers decided on an instance: caches over the frames, bandwidth and steps in the slots."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple, Protocol

import numpy as np

from problems.instance import Instance
from problems.judge import proves_optimal
from problems.solution import Solution
from reports.study.study import Study

MOST_CHARACTERS = 2_000_000
"""Of all decisions on the page together."""
_MOST_SLOT_CHARACTERS = 400_000
"""Of one instance's bandwidth and steps; where they need more, its caches stand alone."""
_PARTS = 1000
"""Bandwidth is told in thousandths of the band."""


class Answers(Protocol):
    """What is read of a store."""

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


def decisions(study: Study, chosen: Iterable[str], solvers: list[str], store: Answers) -> list[dict[str, Any]]:
    """One entry for every instance of ``chosen`` with solutions, as many as the page has room for.

    ``solver`` and ``instance`` are places in ``solvers`` and in ``study.references``. The first answer of each
    entry is the cheapest one, ``optimal`` where its cost is certified.
    """
    first = first_answers(study)
    places = {sha: place for place, sha in enumerate(study.references)}
    entries: list[dict[str, Any]] = []
    room = MOST_CHARACTERS
    for sha in chosen:
        solutions = store.solutions([answer.cell_id for answer in first.get(sha, ())])
        answers = [answer for answer in first.get(sha, ()) if answer.cell_id in solutions]
        if not answers:
            continue
        reference = study.references[sha]
        optimal = reference.certified and proves_optimal(answers[0].cost, reference.best_cost)
        told = [(solvers.index(answer.label), solutions[answer.cell_id]) for answer in answers]
        entry = {"instance": places[sha], "optimal": optimal, **_entry(store.instance(sha), told)}
        room -= len(json.dumps(entry, separators=(",", ":")))
        if room < 0:
            break
        entries.append(entry)
    return entries


def first_answers(study: Study) -> dict[str, list[Answer]]:
    """By instance: that of the first solved cell of every solver, the cheapest first."""
    solved = study.cells.loc[study.cells["solved"], ["instance_sha256", "label", "cost", "cell_id"]]
    first = solved.drop_duplicates(["instance_sha256", "label"]).sort_values(["cost", "label"], kind="stable")
    found: dict[str, list[Answer]] = {}
    for sha, *answer in zip(*(first[name].tolist() for name in first), strict=True):
        found.setdefault(sha, []).append(Answer(*answer))
    return found


def _entry(instance: Instance, answers: list[tuple[int, Solution]]) -> dict[str, Any]:
    slots = [(_thousandths(answer.bandwidth), _whole(answer.steps)) for _, answer in answers]
    fits = sum(len(json.dumps(values, separators=(",", ":"))) for values in slots) <= _MOST_SLOT_CHARACTERS
    told = [
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
        "answers": told,
    }


def _thousandths(values: np.ndarray) -> list[int]:
    return _whole(np.rint(_PARTS * np.asarray(values, dtype=float)))


def _whole(values: np.ndarray) -> list[int]:
    return [int(value) for value in np.ravel(values)]
