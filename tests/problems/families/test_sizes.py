"""Names of families in other sizes."""

from __future__ import annotations

import pytest

from problems.families.sizes import Sizes, join, split


def test_names_of_sizes_come_apart_as_they_were_put_together() -> None:
    sizes = Sizes(models=20, users=10, slots=5, frames=1)
    assert split(join("paper", sizes)) == ("paper", sizes)
    assert split("paper") == ("paper", None)
    assert split(join("my-m3-family", sizes)) == ("my-m3-family", sizes)


@pytest.mark.parametrize(
    "name",
    [
        *("paper-m20", "paper-m20-n10-k5", "paper-m0-n1-k1-t1", "paper-m01-n1-k1-t1", "-m1-n1-k1-t1"),
        *("paper-n1-m1-k1-t1", "paper-m1-n1-k1-t1x", "paper-m1-n1-k1-t\N{ARABIC-INDIC DIGIT ONE}"),
    ],
)
def test_other_names_state_no_sizes(name: str) -> None:
    assert split(name) == (name, None)
