"""Decisions of real answers."""

from __future__ import annotations

import numpy as np
import pytest

from reports.page import decisions as module
from reports.page.decisions import decisions
from reports.study.selection import in_turn
from reports.study.study import Study, study_of
from tests.reports.records import Record

SOLVERS = ["exhaustive", "greedy-popularity", "none", "random+equal"]


def test_the_best_answer_comes_first_and_decisions_are_as_stored(answered_study: Study, answered_store: Record) -> None:
    entries = decisions(answered_study, in_turn(answered_study), SOLVERS)
    assert len(entries) == 4
    for entry in entries:
        sha = list(answered_study.references)[entry["instance"]]
        assert entry["optimal"]
        assert SOLVERS[entry["answers"][0]["solver"]] == "exhaustive"
        assert entry["request"] == answered_store.instance(sha).trace.request.ravel().tolist()
        for answer in entry["answers"]:
            solution = answered_store.answers[f"hand-made-{SOLVERS[answer['solver']]}-{sha}-0"]
            assert answer["steps"] == solution.steps.ravel().tolist()
            assert [int(held) for held in answer["cache"]] == solution.cache.ravel().astype(int).tolist()
            np.testing.assert_allclose(np.array(answer["bandwidth"]) / 1000, solution.bandwidth.ravel(), atol=0.0005)


def test_a_page_without_room_drops_slots_first_and_then_instances(
    answered_study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_SLOT_CHARACTERS", 500)
    entries = decisions(answered_study, in_turn(answered_study), SOLVERS)
    assert [entry["request"] is None for entry in entries] == [False, True, False, True]
    assert all("steps" not in answer for answer in entries[1]["answers"])
    monkeypatch.setattr(module, "MOST_CHARACTERS", 2500)
    assert len(decisions(answered_study, in_turn(answered_study), SOLVERS)) < 4


def test_no_solution_no_entry(answered_study: Study, answered_store: Record) -> None:
    without = study_of(answered_store.frame, Record(answered_store.frame))
    assert decisions(without, in_turn(answered_study), SOLVERS) == []
    assert decisions(study_of(answered_store.frame), in_turn(answered_study), SOLVERS) == []
