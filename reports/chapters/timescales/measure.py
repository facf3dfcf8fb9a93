"""Where a gap comes from: what the caches lose, and what the allocation under them loses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from problems.episode import slots_of
from problems.instance import Instance
from problems.judge import judge, optimality_gap
from problems.solution import Solution
from problems.tolerances import OPTIMALITY_TOLERANCE
from reports.study.answers import first_answers
from reports.study.study import Study
from solvers.allocation.exact import ExactAllocation

MOST_REQUESTS = 400_000
"""Slots times users, counted once for each different cache, of all instances together."""


def losses(study: Study, chosen: Iterable[str]) -> pd.DataFrame:
    """Rows of scope, label, instance_sha256, ``caching`` and ``allocation``: parts of the gap as fractions of J*.

    With J' the cost of a solver's caches under the best allocation they are (J' - J*) / J* and (J - J') / J*. They
    are known where the optimum is certified and a slot's two budgets do not couple, for as many instances of
    ``chosen`` as :data:`MOST_REQUESTS` allows.
    """
    columns = ["scope", "label", "instance_sha256", "caching", "allocation"]
    if study.answers is None:
        return pd.DataFrame(columns=columns)
    first = first_answers(study.cells)
    rows = []
    room = MOST_REQUESTS
    for sha in chosen:
        reference = study.references[sha]
        certified = reference.certified and sha in first
        caches = study.answers.caches([answer.cell_id for answer in first[sha]]) if certified else {}
        if reference.best_cost is None or not caches:
            continue
        instance = study.answers.instance(sha)
        if instance.system.couples_budgets:
            continue
        answers = [answer for answer in first[sha] if answer.cell_id in caches]
        held = [np.asarray(caches[answer.cell_id], dtype=bool) for answer in answers]
        gaps = [_loss(answer.cost, reference.best_cost) for answer in answers]
        of_caches = _of_caches(instance, held, gaps, reference.best_cost)
        for answer, gap, caching in zip(answers, gaps, of_caches, strict=True):
            rows.append((study.family_of[sha], answer.label, sha, caching, max(0.0, gap - caching)))
        room -= len({cache.tobytes() for cache in held}) * instance.trace.request.size
        if room < 0:
            break
    return pd.DataFrame(rows, columns=columns)


def _loss(cost: float, best: float) -> float:
    """The gap; 0 within the contract's tolerance of the optimum."""
    gap = optimality_gap(cost, best)
    return 0.0 if gap <= OPTIMALITY_TOLERANCE else gap


def _of_caches(instance: Instance, held: Sequence[np.ndarray], gaps: Sequence[float], best: float) -> list[float]:
    """The loss of each of the caches under the best allocation: none where an answer with them is optimal."""
    keys = [cache.tobytes() for cache in held]
    lost = {key: 0.0 for key, gap in zip(keys, gaps, strict=True) if gap == 0}
    others = {key: cache for key, cache in zip(keys, held, strict=True) if key not in lost}
    if others:
        costs = _costs(instance, list(others.values()))
        lost |= {key: _loss(cost, best) for key, cost in zip(others, costs, strict=True)}
    return [lost[key] for key in keys]


def _costs(instance: Instance, caches: Sequence[np.ndarray]) -> list[float]:
    """What each of the caches costs under the best allocation."""
    slots = [slots_of(instance, cache) for cache in caches]
    all_slots = slots[0].take(np.tile(np.arange(len(slots[0])), len(slots)))
    allocated = ExactAllocation().allocate(all_slots.caching(np.concatenate([each.cached for each in slots])))
    shape = (len(caches), *instance.trace.request.shape)
    bandwidth, steps = (decided.reshape(shape) for decided in allocated)
    return [judge(instance, Solution(*decided)).cost for decided in zip(caches, bandwidth, steps, strict=True)]
