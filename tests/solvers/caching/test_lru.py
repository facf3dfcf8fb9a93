"""``lru`` and ``lfu`` against plain lists of what was asked for."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.cases import as_instance, edited, random_document
from tests.solvers.test_caching import plan

Document = dict[str, Any]


def filled(order: list[int], document: Document) -> set[int]:
    """The models in turn, those passed over that no longer fit."""
    room, held = document["system"]["cache_gb"], set()
    for m in order:
        size = document["models"][m]["size_gb"]
        if size <= room + 1e-9:
            held.add(m)
            room -= size
    return held


def by_recency(document: Document, frame: int) -> set[int]:
    slots = [slot for past in document["trace"]["request"][:frame] for slot in past]
    order: list[int] = []
    for slot in reversed(slots):
        counts = Counter(m for m in slot if m >= 0 and m not in order)
        order += sorted(counts, key=lambda m: (-counts[m], m))
    return filled(order, document)


def by_frequency(document: Document, frame: int) -> set[int]:
    counts = Counter(m for past in document["trace"]["request"][:frame] for slot in past for m in slot if m >= 0)
    return filled(sorted(counts, key=lambda m: (-counts[m], m)), document)


@pytest.mark.parametrize(("name", "naive"), [("lru", by_recency), ("lfu", by_frequency)])
@pytest.mark.parametrize("seed", range(25))
def test_holds_what_the_naive_list_says(name: str, naive: Any, seed: int) -> None:
    document = random_document(seed, shape=(8, 3, 1 + seed % 5), models=2 + seed % 6, idle=(0.1, 0.6)[seed % 2])
    cache = plan(name, as_instance(document)).cache
    for frame in range(8):
        assert {m for m, held in enumerate(cache[frame]) if held} == naive(document, frame)


@pytest.mark.parametrize("name", ["lru", "lfu"])
def test_holds_nothing_before_the_first_request(name: str) -> None:
    document = random_document(1, shape=(3, 2, 2), idle=0.0)
    idle = edited(document, ["trace", "request", 0], [[-1, -1], [-1, -1]])
    assert not plan(name, as_instance(document)).cache[0].any()
    assert not plan(name, as_instance(idle)).cache[:2].any()


def test_one_request_just_now_is_recent_and_many_long_ago_are_frequent() -> None:
    document = random_document(0, shape=(3, 1, 4), models=2, idle=0.0)
    document["trace"]["request"] = [[[0, 0, 0, 0]], [[1, -1, -1, -1]], [[0, 0, 0, 0]]]
    size = [model["size_gb"] for model in document["models"]]
    document["system"]["cache_gb"] = max(size)
    assert plan("lru", as_instance(document)).cache[2].tolist() == [False, True]
    assert plan("lfu", as_instance(document)).cache[2].tolist() == [True, False]
