"""Where what is known of slots under caches is kept: a hash table from slot and bit mask to a place."""

from __future__ import annotations

import numpy as np

from solvers.kernel import kernel

MIXER = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio (Knuth, The Art of Computer Programming, volume 3, section 6.4)."""
EMPTY = -1


class SlotMemo:
    """Numbers pairs of a slot and the models that it sees, in the order in which they are first asked for."""

    def __init__(self) -> None:
        self._table = np.full(64, EMPTY, dtype=np.int64)
        self._pairs = np.empty((32, 2), dtype=np.int64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def places(self, masks: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """(F, K) int: the number of each pair of a slot and what of a mask (F,) is in ``asked`` (K,)."""
        places = np.empty((len(masks), len(asked)), dtype=np.int64)
        need = self._count + places.size
        if need > len(self._pairs):
            more = max(need, 2 * self._count) - len(self._pairs)
            self._pairs = np.concatenate([self._pairs, np.empty((more, 2), dtype=np.int64)])
        if 2 * need > len(self._table):
            self._table = np.full(1 << (2 * need).bit_length(), EMPTY, dtype=np.int64)
            _refill(self._table, self._pairs, self._count)
        self._count = _look_up(self._table, self._pairs, self._count, masks, asked, places)
        return places

    def pairs(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Slots (P,) and masks (P,) of some places (P,)."""
        return self._pairs[places, 0], self._pairs[places, 1]


@kernel
def _look_up(
    table: np.ndarray, pairs: np.ndarray, count: int, masks: np.ndarray, asked: np.ndarray, places: np.ndarray
) -> int:
    for f in range(len(masks)):
        for k in range(len(asked)):
            seen = masks[f] & asked[k]
            at = _row(table, pairs, k, seen)
            if table[at] == EMPTY:
                table[at] = count
                pairs[count, 0], pairs[count, 1] = k, seen
                count += 1
            places[f, k] = table[at]
    return count


@kernel
def _refill(table: np.ndarray, pairs: np.ndarray, count: int) -> None:
    for place in range(count):
        table[_row(table, pairs, pairs[place, 0], pairs[place, 1])] = place


@kernel
def _row(table: np.ndarray, pairs: np.ndarray, slot: int, mask: int) -> int:
    """The row of a pair, or the empty one where it belongs; linear probing in a table of 2^n rows."""
    last = np.uint64(len(table) - 1)
    mixed = (np.uint64(mask) * MIXER + np.uint64(slot)) * MIXER
    at = (mixed ^ (mixed >> np.uint64(32))) & last
    while table[at] != EMPTY and (pairs[table[at], 0] != slot or pairs[table[at], 1] != mask):
        at = (at + np.uint64(1)) & last
    return int(at)
