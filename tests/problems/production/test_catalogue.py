"""The catalogue of a log: its most requested models, and one entry for all others."""

from __future__ import annotations

import numpy as np
import pytest

from problems.io.errors import InputError
from problems.production.catalogue import REST, entry_of, most_requested


def test_the_catalogue_is_the_most_requested_and_one_entry_for_the_rest() -> None:
    model = np.array(list("CCABBBAD"))
    assert most_requested(model, 3) == ("B", "A", REST)
    assert entry_of(model, ("B", "A", REST)).tolist() == [2, 2, 1, 0, 0, 0, 1, 2]
    for count in (1, 5):
        with pytest.raises(InputError, match=rf"models: {count}; must be from 2 to 4"):
            most_requested(model, count)


def test_without_an_entry_for_the_rest_others_have_no_place() -> None:
    assert entry_of(np.array(list("ABZ")), ("B", "A")).tolist() == [1, 0, -1]


def test_a_model_of_the_name_of_the_rest_is_refused() -> None:
    with pytest.raises(InputError, match="models: one is called 'rest'"):
        most_requested(np.array(["A", "B", REST]), 2)
