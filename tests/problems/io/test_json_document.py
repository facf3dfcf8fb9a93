"""JSON is read strictly."""

from __future__ import annotations

import json

import pytest

from problems.io.errors import InputError
from problems.io.json_document import parse_json


@pytest.mark.parametrize("text", ["1e308", "-0.0", "5e-324", "1e-999", "12345678901234567890", "[true, null, 1.50]"])
def test_json_numbers_that_are_numbers(text: str) -> None:
    assert parse_json(f'{{"a": {text}}}'.encode())["a"] == json.loads(text)


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 1}', '{"b": [{"a": 1, "c": 2, "a": NaN}]}', '{"\\u0061": 1, "b": {}, "a": 2}']
)
def test_json_keys_that_stand_twice(text: str) -> None:
    with pytest.raises(InputError, match=r"^a: stands twice in one object; names must differ$"):
        parse_json(text.encode())


def test_json_keys_may_stand_in_many_objects() -> None:
    assert parse_json(b'{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}')["b"][1] == {"a": 2}


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e309", "-1e999", "1" + "0" * 400])
def test_json_numbers_that_are_not(text: str) -> None:
    with pytest.raises(InputError, match=r"^a\.b\[1\]: .*; numbers must be finite$"):
        parse_json(f'{{"a": {{"b": [0, {text}]}}}}'.encode())
