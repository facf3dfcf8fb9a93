"""Which endings count as answers and which as failures, and which of two is the better."""

from __future__ import annotations

import itertools
import math

import pytest

from benchmarks.process.outcome import (
    COMPLETE,
    FAILED,
    LIMITED,
    NOT_TRIED,
    STATUSES,
    Rank,
    answered_at_limit,
    has_failed,
    is_answer,
    rank,
)

COSTS = (1.5, None, math.nan)


def test_every_status_is_of_one_kind() -> None:
    kinds = (set(COMPLETE), {"bound-only"}, set(NOT_TRIED), set(FAILED))
    assert set().union(*kinds) == set(STATUSES)
    assert sum(map(len, kinds)) == len(STATUSES)
    assert set(LIMITED) <= FAILED


@pytest.mark.parametrize(("status", "cost"), [*itertools.product(STATUSES, COSTS)])
def test_the_words_agree_with_one_another(status: str, cost: float | None) -> None:
    place = rank(status, cost)
    if status in COMPLETE and cost != 1.5:
        assert not is_answer(status, cost), "an answer has a judged cost"
        return
    assert is_answer(status, cost) == (place >= Rank.ANSWERED_AT_LIMIT)
    assert answered_at_limit(status, cost) == (place == Rank.ANSWERED_AT_LIMIT)
    assert has_failed(status, cost) == (place == Rank.FAILED)


def test_a_better_ending_ranks_higher() -> None:
    endings = [("crash", None), ("skipped", None), ("bound-only", None), ("timeout", 1.0), ("feasible", 1.0)]
    ranks = [rank(*ending) for ending in [*endings, ("optimal", 1.0)]]
    assert ranks == sorted(set(ranks))
    assert rank("timeout", None) == rank("memory", math.nan) == Rank.FAILED
