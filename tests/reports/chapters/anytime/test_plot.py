"""The plot of anytime curves."""

from __future__ import annotations

import json

import pytest

from reports.chapters.anytime.measure import races_of
from reports.chapters.anytime.plot import plot
from tests.reports.cells import cell, study_from
from tests.reports.plots import by_solver


def test_an_anytime_curve_falls_with_every_better_answer() -> None:
    events = json.dumps([[0.1, "cost", 4.0], [0.5, "bound", 1.0], [1.0, "cost", 2.0]])
    rows = [cell("a", "i", 2.0, solve_s=10.0, events=events), cell("b", "i", None, status="crash", events="[]")]
    panel = by_solver(plot(races_of(study_from(rows))).panels["small"])
    assert set(panel) == {"a"}
    seconds, gaps = panel["a"]["x"], panel["a"]["y"]
    assert seconds == pytest.approx([0.1, 1.0, 10.0], rel=0.02)
    assert gaps == [100, 0, 0]
