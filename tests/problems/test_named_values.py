"""Assumptions are printed with value, unit and purpose."""

from __future__ import annotations

from dataclasses import dataclass, replace

from problems.named_values import lines, named


@dataclass(frozen=True)
class Assumed:
    """Two of them."""

    mean_gb: float = named(6.0, "GB", "size of a model")
    share: float = named(1 / 3, "", "of the total")


def test_each_has_a_line_with_the_value_that_it_has_now() -> None:
    assert Assumed().share == 1 / 3
    assert lines(replace(Assumed(), mean_gb=2.5)) == ["mean_gb 2.5 GB: size of a model", "share 0.333: of the total"]
