"""Where a gap comes from: what the caches lose, and what the allocation under them loses."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from problems.episode import slots_of
from problems.instance import Instance
from problems.judge import OPTIMALITY_TOLERANCE, judge, optimality_gap
from problems.solution import Solution
from reports.explorer.decisions import Answers, stored_answers
from reports.frame import Study
from solvers.allocation.exact import ExactAllocation

MOST_REQUESTS = 400_000
"""Slots times users for which the best allocation is computed, of all instances together."""


def losses(study: Study, chosen: Iterable[str], store: Answers) -> pd.DataFrame:
    """Rows of scope, label, instance_sha256, ``caching`` and ``allocation``: parts of the gap as fractions of J*.

    With J' the cost of a solver's caches under the best allocation they are (J' - J*) / J* and (J - J') / J*. They
    are known where the optimum is certified and a slot's two budgets do not couple, for as many instances of
    ``chosen`` as :data:`MOST_REQUESTS` allows.
    """
    solved = study.cells[study.cells["solved"]].drop_duplicates(["instance_sha256", "label"])
    by_instance = dict(tuple(solved.groupby("instance_sha256", sort=False)))
    rows = []
    room = MOST_REQUESTS
    for sha in chosen:
        reference = study.references[sha]
        answers = [] if sha not in by_instance else stored_answers(by_instance[sha], store)
        if not reference.certified or reference.best_cost is None or not answers:
            continue
        instance = store.instance(sha)
        if instance.system.couples_budgets:
            continue
        under_best: dict[bytes, float] = {}
        for label, cost, answer in answers:
            key = np.asarray(answer.cache, dtype=bool).tobytes()
            if key not in under_best:
                under_best[key] = _cost_of_caches(instance, answer.cache)
                room -= instance.trace.request.size
            caching = _loss(under_best[key], reference.best_cost)
            rows.append(
                (study.family_of[sha], label, sha, caching, max(0.0, _loss(cost, reference.best_cost) - caching))
            )
        if room < 0:
            break
    return pd.DataFrame(rows, columns=["scope", "label", "instance_sha256", "caching", "allocation"])


def _loss(cost: float, best: float) -> float:
    """The gap; 0 within the contract's tolerance of the optimum."""
    gap = optimality_gap(cost, best)
    return 0.0 if gap <= OPTIMALITY_TOLERANCE else gap


def _cost_of_caches(instance: Instance, cache: np.ndarray) -> float:
    bandwidth, steps = ExactAllocation().allocate(slots_of(instance, np.asarray(cache)))
    shape = instance.trace.request.shape
    return judge(instance, Solution(cache, bandwidth.reshape(shape), steps.reshape(shape))).cost
