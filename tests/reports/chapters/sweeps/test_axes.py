"""Families that differ in one thing lie on its axis, known by its value."""

from __future__ import annotations

import pytest

from tests.reports.chapters.sweeps.points import CACHES, bare, only


@pytest.mark.parametrize(
    ("axis", "families", "values"),
    [
        ("cache capacity", CACHES, [16.67, 33.33, 66.67]),
        ("bandwidth", ("paper", "paper-bandwidth-x2", "paper-bandwidth-x0.5"), [45, 90, 180]),
        ("steps", ("paper-steps-x2", "paper", "paper-steps-x0.5"), [100, 200, 400]),
        ("skew", ("paper", "paper-skew-x0", "paper-skew-x3"), [0, 0.6, 1.8]),
        ("weight of latency", ("paper-latency-x1.6", "paper", "paper-latency-x0.4"), [0.2, 0.5, 0.8]),
        ("models", ("paper", "paper-m5-n10-k10-t10", "paper-m15-n10-k10-t10"), [5, 10, 15]),
        ("users, budgets grow", ("paper", "paper-m10-n5-k10-t10", "paper-m10-n20-k10-t10"), [5, 10, 20]),
        (
            "users, budgets fixed",
            ("paper-m10-n5-k10-t10-bandwidth-x2-steps-x2", "paper-m10-n20-k10-t10-bandwidth-x0.5-steps-x0.5", "paper"),
            [5, 10, 20],
        ),
    ],
)
def test_families_that_differ_in_one_thing_are_a_sweep(
    axis: str, families: tuple[str, ...], values: list[float]
) -> None:
    found = only(bare(families))
    assert (found.family, found.axis.name) == ("paper", axis)
    assert [point.value for point in found.points] == pytest.approx(values)
    assert {point.family for point in found.points} == set(families)
