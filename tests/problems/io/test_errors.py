"""Bad input is said in one line: where, the value, what is allowed."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from problems.io.errors import InputError, field_path, from_validation, shorten, shorten_text


class Part(BaseModel):
    """A part of a file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    size: float = Field(gt=0, le=10, allow_inf_nan=False)
    name: str = Field(default="a", min_length=1)

    @field_validator("name")
    @classmethod
    def _no_spaces(cls, name: str) -> str:
        if " " in name:
            raise ValueError(f"spaces: {name!r}; must have none")
        if name == "nobody":
            raise ValueError("must be somebody")
        return name


class Whole(BaseModel):
    """A file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    parts: list[Part] = Field(min_length=1, max_length=2)
    count: int = Field(default=1, ge=1, lt=9)
    exact: bool = True
    kind: Literal["x", "y"] = "x"


def complaint(**fields: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate({"parts": [{"size": 1.0}]} | fields)
    return str(from_validation(caught.value))


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"parts": [{"size": 1.0}, {"size": -3.0}]}, "parts[1].size: -3.0; must be > 0.0"),
        ({"parts": [{"size": 11.0}]}, "parts[0].size: 11.0; must be <= 10.0"),
        ({"parts": [{"size": float("inf")}]}, "parts[0].size: inf; must be a finite number"),
        ({"parts": [{"size": "1"}]}, "parts[0].size: '1'; must be a number"),
        ({"parts": [{}]}, "parts[0].size: missing; required"),
        ({"parts": [{"size": 1.0, "name": ""}]}, "parts[0].name: ''; must not be empty"),
        ({"parts": [{"size": 1.0, "colour": "red"}]}, "parts[0].colour: not a known field"),
        ({"parts": [{"size": 1.0, "name": "a b"}]}, "parts[0].name.spaces: 'a b'; must have none"),
        ({"parts": [{"size": 1.0, "name": "nobody"}]}, "parts[0].name: must be somebody"),
        ({"parts": []}, "parts: []; needs at least 1 entries"),
        ({"parts": [{"size": 1.0}] * 3}, "must have at most 2 entries"),
        ({"parts": [3]}, "parts[0]: 3; must be a mapping"),
        ({"parts": 3}, "parts: 3; must be a list"),
        ({"count": 0}, "count: 0; must be >= 1"),
        ({"count": 9}, "count: 9; must be < 9"),
        ({"count": 1.5}, "count: 1.5; must be a whole number"),
        ({"exact": 1}, "exact: 1; must be true or false"),
        ({"kind": "z"}, "kind: 'z'; must be 'x' or 'y'"),
    ],
)
def test_the_first_complaint_names_field_value_and_what_is_allowed(fields: dict[str, Any], line: str) -> None:
    found = complaint(**fields)
    assert found.endswith(line) if line.startswith("must") else found == line
    assert "\n" not in found


def test_further_complaints_are_counted() -> None:
    assert complaint(count=0, exact=2, kind="z") == "count: 0; must be >= 1 (and 2 more)"


def test_outer_places_stand_in_front_and_the_line_where_it_is_known() -> None:
    inner = InputError("size: -1; must be > 0", line=7)
    assert str(inner.within("a.yaml")) == "a.yaml:7: size: -1; must be > 0"
    assert str(inner.within("a.yaml").within("models[2]")) == "models[2]: a.yaml:7: size: -1; must be > 0"
    assert isinstance(inner, ValueError)


def test_places_are_written_as_in_python() -> None:
    assert field_path(("models", 0, "size_gb")) == "models[0].size_gb"
    assert field_path((0, 1, "a")) == "[0][1].a"
    assert field_path(()) == ""


@pytest.mark.parametrize("value", ["a\nb" * 100, list(range(100)), {"a": "\r\n\t" * 50}, 3, "x" * 58])
def test_values_are_one_line_of_a_certain_length(value: object) -> None:
    text = shorten(value)
    assert len(text) <= 60
    assert "\n" not in text
    if len(repr(value)) <= 60:
        assert text == repr(value)
    else:
        assert text.endswith("...")
    assert shorten_text("abcdef", 5) == "ab..."
