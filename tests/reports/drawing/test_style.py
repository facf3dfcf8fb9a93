"""Solvers look different, and the same wherever they are drawn."""

from __future__ import annotations

from reports.drawing.style import marks


def test_marks_differ_and_depend_on_the_set_of_labels_alone() -> None:
    labels = [f"solver {number}" for number in range(42)]
    given = marks(labels)
    assert len(set(given.values())) == 42
    assert marks(reversed(labels)) == given
    lines = [(mark.colour, mark.dash) for mark in given.values()]
    assert len(set(lines[:24])) == 24
