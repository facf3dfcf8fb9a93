"""``lru`` against plain lists of what was asked for."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.cases import Document, as_instance, edited, random_document
from tests.solvers.caching.histories import filled, past_slots
from tests.solvers.support import plan


def by_recency(document: Document, frame: int) -> set[int]:
    order: list[int] = []
    for slot in reversed(past_slots(document, frame)):
        counts = Counter(m for m in slot if m not in order)
        order += sorted(counts, key=lambda m: (-counts[m], m))
    return filled(order, document)


@pytest.mark.parametrize("seed", range(25))
def test_holds_what_the_naive_list_says(seed: int) -> None:
    document = random_document(seed, shape=(8, 3, 1 + seed % 5), models=2 + seed % 6, idle=(0.1, 0.6)[seed % 2])
    cache = plan("lru", as_instance(document)).cache
    for frame in range(8):
        assert {m for m, held in enumerate(cache[frame]) if held} == by_recency(document, frame)


def test_holds_nothing_before_the_first_request() -> None:
    document = random_document(1, shape=(3, 2, 2), idle=0.0)
    idle = edited(document, ["trace", "request", 0], [[-1, -1], [-1, -1]])
    assert not plan("lru", as_instance(document)).cache[0].any()
    assert not plan("lru", as_instance(idle)).cache[:2].any()


def test_one_request_just_now_counts_more_than_many_long_ago() -> None:
    document = random_document(0, shape=(3, 1, 4), models=2, idle=0.0)
    document["trace"]["request"] = [[[0, 0, 0, 0]], [[1, -1, -1, -1]], [[0, 0, 0, 0]]]
    document["system"]["cache_gb"] = max(model["size_gb"] for model in document["models"])
    assert plan("lru", as_instance(document)).cache[2].tolist() == [False, True]
