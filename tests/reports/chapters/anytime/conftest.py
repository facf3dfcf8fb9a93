"""What the tests of the chapter share."""

from __future__ import annotations

import json

import pytest

from reports.study.study import Study
from tests.reports.cells import cell, study_from


def events_of(*events: tuple[float, str, float]) -> str:
    return json.dumps(events)


@pytest.fixture
def study() -> Study:
    """An optimum of 2 on two instances: proved after 4 and 2 s, by a rule of thumb missed after 1 s, and no answer."""
    rows = []
    for instance, last in (("i", 4.0), ("j", 2.0)):
        events = events_of((1.0, "bound", 1.0), (1.0, "cost", 4.0), (last, "cost", 2.0), (last, "bound", 2.0))
        proof = {"status": "optimal", "lower_bound": 2.0, "exact": True}
        rows += [
            cell("exact", instance, 2.0, **proof, events=events, solve_s=last),
            cell("thumb", instance, 3.0, events=events_of((1.0, "cost", 3.0)), solve_s=1.0),
            cell("mute", instance, None, status="timeout", solve_s=4.0),
            cell("lazy", instance, None, status="skipped", solve_s=None),
        ]
    return study_from(rows)
