"""CSV files as tables of texts, numbers in them, and complaints that name line and column."""

from __future__ import annotations

import numpy as np
import pytest

from problems.io.csv_table import MOST, numbers, read_table, refuse
from problems.io.errors import InputError


def test_texts_stand_without_spaces_under_the_names_of_the_header() -> None:
    """Nothing is taken for a missing value, and an empty line is a row."""
    table = read_table(b" a ,b\n 1 , NaN\n,\nNone,x y \n", ("b", "a"))
    assert table.columns.tolist() == ["a", "b"]
    assert table.to_numpy().tolist() == [["1", "NaN"], ["", ""], ["None", "x y"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not valid CSV"),
        (b"a,b\n1,2,3\n4,5,6,7\n", "not valid CSV"),
        (b"a,b\n\xff\xfe,1\n", "not valid CSV"),
        (b"a\n1\n", "column b: missing; required"),
        (b"a,b\n", "no rows; needs at least one"),
    ],
)
def test_what_is_no_such_table_is_refused_in_one_line(content: bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_table(content, ("a", "b"))
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)


def test_numbers_are_positive_and_not_beyond_all_measure() -> None:
    table = read_table(b"a\n1\n2.5e3\n 1e15 \n", ("a",))
    assert numbers(table, "a").tolist() == [1.0, 2500.0, MOST]


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1e16", "", "one", "1,0", "0x10"])
def test_other_numbers_are_refused_by_line_and_column_unless_their_row_is_left_out(text: str) -> None:
    table = read_table(f'a\n1\n"{text}"\n3\n'.encode(), ("a",))
    with pytest.raises(InputError) as caught:
        numbers(table, "a")
    assert str(caught.value) == f"line 3, column a: {text!r}; must be a number > 0 and <= 1e+15"
    kept = numbers(table, "a", unless=np.array([False, True, False]))
    assert np.array_equal(kept, [1.0, np.nan, 3.0], equal_nan=True)


def test_the_first_wrong_row_is_named() -> None:
    table = read_table(b"a\nx\ny\nz\n", ("a",))
    with pytest.raises(InputError, match=r"^line 3, column a: 'y'; must be x$"):
        refuse(table, "a", np.array([False, True, True]), "must be x")
