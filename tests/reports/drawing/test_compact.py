"""Figures and texts in few characters."""

from __future__ import annotations

import json
import math

import pytest

from reports.drawing.compact import Pool, compact, script_json


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.123456789, 0.123457), (2.0, 2), (1234567.8, 1234570), (-0.0, 0), (math.nan, None), (math.inf, None)],
)
def test_numbers_are_short(value: float, told: float | None) -> None:
    assert compact(value) == told
    assert json.dumps(compact(value)) == json.dumps(told)


def test_no_text_ends_the_script() -> None:
    data = {"label": "</script><!-- <script> 最適 &"}
    text = script_json(data)
    assert "<" not in text
    assert json.loads(text) == data


def test_a_pool_keeps_a_text_once() -> None:
    pool = Pool()
    assert [pool.place(text) for text in ("a", "b", "a")] == [0, 1, 0]
    assert pool.texts == ["a", "b"]
