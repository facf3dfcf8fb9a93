"""Messages come through whole, in pieces, and not at all where they are noise."""

from __future__ import annotations

import contextlib
import json
import struct
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.process.messages import (
    BadMessage,
    Decoder,
    Message,
    NotASolution,
    decisions,
    encode,
    max_body,
    prices_in,
    proof,
)
from problems.instance import Instance
from problems.prices import Prices
from problems.solution import Solution
from tests.benchmarks.hostile import cloud
from tests.cases import sampled

ARRAYS = {"cache": np.eye(2, dtype=bool), "bandwidth": np.array([[0.1, np.nan]]), "steps": np.arange(3, dtype=np.int16)}


def no_prices(instance: Instance) -> Prices:
    slots = np.zeros(instance.trace.request.shape[:2])
    return Prices(slots, slots, np.zeros((instance.frames, len(instance.models))))


def prefixed(header: bytes, body: bytes = b"") -> bytes:
    return struct.pack("!II", len(header), len(body)) + header + body


@given(st.lists(st.integers(1, 200), min_size=1, max_size=30))
def test_a_message_survives_being_cut_anywhere(pieces: list[int]) -> None:
    sent = [Message("incumbent", 0.1 + 0.2, {}, ARRAYS), Message("bound", 1.5, {"value": 1 / 3})]
    data = b"".join(map(encode, sent))
    decoder = Decoder(10_000)
    heard: list[Message] = []
    for size in pieces:
        heard += decoder.feed(data[:size])
        data = data[size:]
    heard += decoder.feed(data)
    assert [(m.kind, m.seconds, m.content) for m in heard] == [(m.kind, m.seconds, m.content) for m in sent]
    for name, array in ARRAYS.items():
        assert heard[0].arrays[name].dtype == array.dtype
        assert np.array_equal(heard[0].arrays[name], array, equal_nan=array.dtype.kind == "f")


@given(st.binary(max_size=400))
def test_noise_is_refused_or_waited_for_but_never_obeyed(data: bytes) -> None:
    for noise in (data, prefixed(data), prefixed(data, data)):
        with contextlib.suppress(BadMessage):
            assert list(Decoder(1000).feed(noise)) == []


@pytest.mark.parametrize(
    "arrays",
    [
        [["cache", "O", [1]]],
        [["cache", "<f8", [10**12]]],
        [["cache", "<f8", [-1]]],
        [["cache", "<f8", "many"]],
        [["cache", "S8", [1]]],
        [["cache", "<f8"]],
        7,
    ],
)
def test_arrays_that_are_not_there_are_refused(arrays: object) -> None:
    header = json.dumps({"kind": "incumbent", "seconds": 0, "content": {}, "arrays": arrays}).encode()
    with pytest.raises(BadMessage):
        list(Decoder(1000).feed(prefixed(header, bytes(4))))


def test_a_body_beyond_what_a_solution_needs_is_refused_before_it_is_read() -> None:
    instance = sampled("tiny")
    with pytest.raises(BadMessage, match="bytes"):
        list(Decoder(max_body(instance)).feed(struct.pack("!II", 10, max_body(instance) + 1)))
    solution = cloud(instance, prices=no_prices(instance))
    said = decisions(solution, instance) | proof(solution.prices, instance)
    widest = {name: array.astype(np.longdouble) for name, array in said.items()}
    assert len(list(Decoder(max_body(instance)).feed(encode(Message("incumbent", 0.0, {}, widest))))) == 1


@pytest.mark.parametrize("steps", [None, "text", [[1], [2, 3]], np.zeros((3, 2, 2), complex), np.zeros((3, 2))])
def test_what_are_no_decisions(steps: object) -> None:
    instance = sampled("tiny")
    good = cloud(instance)
    with pytest.raises(NotASolution, match="steps"):
        decisions(Solution(good.cache, good.bandwidth, steps), instance)  # type: ignore[arg-type]


def test_prices_come_through() -> None:
    instance = sampled("tiny")
    prices = replace(no_prices(instance), steps=np.full((3, 2), 0.25))
    arrays = proof(prices, instance)
    (heard,) = Decoder(max_body(instance)).feed(encode(Message("solution", 0.0, {}, arrays)))
    again = prices_in(heard.arrays, instance)
    assert again is not None
    assert np.array_equal(again.steps, prices.steps)
    assert prices_in({}, instance) is None
    assert proof(None, instance) == {}


@pytest.mark.parametrize("steps", [None, "text", np.full((3, 2), -1.0), np.full((3, 2), np.nan), np.zeros((2, 2))])
def test_what_are_no_prices(steps: object) -> None:
    instance = sampled("tiny")
    prices = replace(no_prices(instance), steps=steps)
    with pytest.raises(NotASolution, match=r"prices\.steps"):
        proof(prices, instance)
    with pytest.raises(NotASolution, match="prices: str; must be Prices or None"):
        proof("cheap", instance)
    sent = {f"prices.{name}": np.asarray(value) for name, value in vars(prices).items()}
    with pytest.raises(NotASolution, match=r"prices\.steps"):
        prices_in(sent, instance)
