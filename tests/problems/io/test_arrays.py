"""Arrays from what a file holds: shape, type and finite numbers, or one line that says what is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from problems.io.arrays import first_index, first_odd, number_array
from problems.io.errors import InputError


@pytest.mark.parametrize("value", [[[1, 2], [3, 4]], np.array([[1, 2], [3, 4]]), [[1, 2.5], [3, -4.0]]])
def test_numbers_of_the_right_shape_are_taken_as_they_are(value: Any) -> None:
    found = number_array(value, "x", (2, 2))
    assert (found == np.array(value)).all()
    assert found.dtype == np.asarray(value).dtype


@pytest.mark.parametrize(
    ("value", "kinds", "line"),
    [
        ([[1, 2], [3]], "iuf", "x: ragged list; must be an array of shape [2, 2]"),
        ([1, 2], "iuf", "x: array of shape [2]; must be [2, 2]"),
        (None, "iuf", "x: array of shape []; must be [2, 2]"),
        ([[1, 2], [3, "a"]], "iuf", "x: 'a'; must hold finite numbers"),
        ([[1, 2], [3, None]], "iuf", "x: None; must hold finite numbers"),
        ([[1, 2], [3, True]], "iuf", "x: True; must hold finite numbers"),
        ([[1, 2], [3, 4.0]], "iu", "x: 4.0; must hold whole numbers"),
        ([[1, 2], [3, 2**70]], "iu", "x: 1180591620717411303424; must hold whole numbers"),
        (np.ones((2, 2), dtype=bool), "iu", "x: True; must hold whole numbers"),
        (np.ones((2, 2), dtype=complex), "iuf", "x: (1+0j); must hold finite numbers"),
        ([[1, 2], [3, float("nan")]], "iuf", "x[1][1]: not a finite number"),
        (np.array([[1.0, np.inf], [3.0, -np.inf]]), "f", "x[0][1]: not a finite number"),
    ],
)
def test_what_is_wrong_is_named(value: Any, kinds: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        number_array(value, "x", (2, 2), kinds)
    assert str(caught.value) == line


def test_places_are_those_of_the_first_true_entry() -> None:
    assert first_index(np.array([[[False, False], [False, True]], [[True, True], [True, True]]])) == "[0][1][1]"
    assert first_index(np.array([False, True])) == "[1]"


def test_where_no_entry_is_odd_by_itself_the_type_is_said() -> None:
    assert first_odd(np.arange(3, dtype=np.uint8), "f") == "uint8"
