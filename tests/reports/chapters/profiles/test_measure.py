"""The chapter Profiles: times to a gap from anytime curves."""

from __future__ import annotations

import json
import math

import pandas as pd

from reports.chapters.profiles.chapter import chapter
from reports.chapters.profiles.measure import profiles_of
from reports.study.study import study_of
from tests.reports.conftest import MakeCell, Row


def rows(cell: MakeCell, instances: int = 6) -> list[Row]:
    """``sure`` is within 5 % after 0.1 s and optimal after 1 s; ``quick`` answers in 0.02 s, 2 % above."""
    made = []
    for n in range(instances):
        events = [[0.1, "cost", 2.08], [0.5, "bound", 2.0], [1.0, "cost", 2.0]]
        optimal = {"solve_s": 1.5, "lower_bound": 2.0, "exact": True, "status": "optimal"}
        made.append(cell("sure", f"i{n}", 2.0, events=json.dumps(events), trace_seed=n, **optimal))
        quick = json.dumps([[0.02, "cost", 2.04]])
        made.append(cell("quick", f"i{n}", 2.04, events=quick, solve_s=0.03, trace_seed=n))
        made.append(cell("broken", f"i{n}", None, events="[]", status="crash", trace_seed=n))
    return made


def test_times_are_those_of_the_first_answer_within_the_gap(cell: MakeCell) -> None:
    wide, narrow, optimum = profiles_of(study_of(pd.DataFrame(rows(cell))))
    assert wide.labels == ["broken", "quick", "sure"]
    assert wide.times_s[0].tolist() == [math.inf, 0.02, 0.1]
    assert narrow.times_s[0].tolist() == [math.inf, math.inf, 1.0]
    assert optimum.times_s[0].tolist() == [math.inf, math.inf, 1.0]
    assert wide.ratios[0].tolist() == [math.inf, 1.0, 5.0]
    assert wide.times_by_request_s[0, 1] == 0.02 / 8
    assert (wide.instances, wide.certified) == (6, 6)


def test_a_repetition_that_misses_the_gap_counts(cell: MakeCell) -> None:
    made = rows(cell)
    made.append(cell("quick", "i0", 3.0, events="[]", repetition=1, seed=1))
    wide, *_ = profiles_of(study_of(pd.DataFrame(made)))
    assert wide.times_s[:, 1].tolist() == [math.inf, *[0.02] * 5]


def test_the_tables_say_who_reaches_what_and_the_figure_shows_it(cell: MakeCell) -> None:
    told = chapter(study_of(pd.DataFrame(rows(cell))))
    assert told is not None
    assert told.figure is not None
    assert [table.title for table in told.tables] == [
        "Answers within 5\u00a0%",
        "Answers within 1\u00a0%",
        "Answers at the optimum",
    ]
    first = {row[0]: row[1:] for row in told.tables[0].rows()}
    assert list(first) == ["quick", "sure", "broken"]
    assert first["quick"] == ["6 of 6", "6", "0.0200", "0.0200", "0.00250", "1.00"]
    assert first["broken"] == ["0 of 6", "0", "–", "–", "–", "–"]
    for words in (b"within 5", b"at the optimum", b"times the fastest", b"seconds by request"):
        assert words in told.figure.contents["svg"]


def test_too_few_instances_have_no_profile(cell: MakeCell) -> None:
    assert chapter(study_of(pd.DataFrame(rows(cell, 4)))) is None
