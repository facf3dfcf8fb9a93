"""Numbers of what slots see of caches, against a dictionary."""

from __future__ import annotations

import numpy as np

from solvers.frame.slot_memo import SlotMemo


def test_it_numbers_what_slots_see() -> None:
    rng = np.random.default_rng(0)
    memo, asked = SlotMemo(), rng.integers(0, 1 << 20, 7)
    numbers: dict[tuple[int, int], int] = {}
    for _ in range(6):
        masks = rng.integers(0, 1 << 20, 50) & (1 << rng.integers(4, 20)) - 1
        places = memo.places(masks, asked)
        for mask, row in zip(masks.tolist(), places.tolist(), strict=True):
            for k, place in enumerate(row):
                assert numbers.setdefault((k, mask & int(asked[k])), place) == place
        assert sorted(numbers.values()) == list(range(len(memo)))
    slots, seen = memo.pairs(np.arange(len(memo)))
    assert {pair: place for place, pair in enumerate(zip(slots.tolist(), seen.tolist(), strict=True))} == numbers


def test_the_numbers_stay_when_the_table_grows() -> None:
    """Thousands of pairs, many of them alike in the bits that a hash looks at first."""
    memo, asked = SlotMemo(), np.array([(1 << 62) - 1, (1 << 40) - 1])
    masks = np.unique(np.concatenate([np.arange(1500) << 40, np.arange(1500), 1 << np.arange(62)]))
    first = memo.places(masks[:100], asked)
    every = memo.places(masks, asked)
    assert (every[:100] == first).all()
    assert (memo.places(masks[::-1], asked)[::-1] == every).all()
    slots, seen = memo.pairs(every.ravel())
    assert (slots.reshape(every.shape) == [0, 1]).all()
    assert (seen.reshape(every.shape) == masks[:, None] & asked).all()
