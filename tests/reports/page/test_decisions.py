"""Decisions and timescales of real answers."""

from __future__ import annotations

import numpy as np
import pytest

from reports.chapters.overview import timescale_split_plot as timescale_split
from reports.page import decisions as told
from reports.page import timescales
from reports.page.decisions import decisions
from reports.page.selection import first_of, in_turn
from reports.page.timescales import losses
from reports.study.study import Study, study_of
from reports.study.summary import ALL
from tests.reports.conftest import MakeCell
from tests.reports.records import Record, answered

SOLVERS = ["exhaustive", "greedy-popularity", "none", "random+equal"]


@pytest.fixture(scope="module")
def store(cell: MakeCell) -> Record:
    return answered(cell, ("tiny", "small"))


@pytest.fixture(scope="module")
def study(store: Record) -> Study:
    return study_of(store.frame)


def test_instances_come_in_turn_from_every_family(study: Study) -> None:
    names = [study.names[sha] for sha in in_turn(study)]
    assert names == ["tiny-s0-t0", "small-s0-t0", "tiny-s1-t1", "small-s1-t1"]
    assert len(first_of(study, 8)) == 2
    assert len(first_of(study, 11)) == 2
    assert len(first_of(study, 1)) == 1


def test_the_best_answer_comes_first_and_decisions_are_as_stored(study: Study, store: Record) -> None:
    entries = decisions(study, in_turn(study), SOLVERS, store)
    assert len(entries) == 4
    for entry in entries:
        sha = list(study.references)[entry["instance"]]
        assert entry["optimal"]
        assert SOLVERS[entry["answers"][0]["solver"]] == "exhaustive"
        assert entry["request"] == store.instance(sha).trace.request.ravel().tolist()
        for answer in entry["answers"]:
            solution = store.answers[f"hand-made-{SOLVERS[answer['solver']]}-{sha}-0"]
            assert answer["steps"] == solution.steps.ravel().tolist()
            assert [int(held) for held in answer["cache"]] == solution.cache.ravel().astype(int).tolist()
            np.testing.assert_allclose(np.array(answer["bandwidth"]) / 1000, solution.bandwidth.ravel(), atol=0.0005)


def test_a_page_without_room_drops_slots_first_and_then_instances(
    study: Study, store: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "_MOST_SLOT_CHARACTERS", 500)
    entries = decisions(study, in_turn(study), SOLVERS, store)
    assert [entry["request"] is None for entry in entries] == [False, True, False, True]
    assert all("steps" not in answer for answer in entries[1]["answers"])
    monkeypatch.setattr(told, "MOST_CHARACTERS", 2500)
    assert len(decisions(study, in_turn(study), SOLVERS, store)) < 4


def test_no_solution_no_entry(study: Study, store: Record) -> None:
    assert decisions(study, in_turn(study), SOLVERS, Record(store.frame)) == []


def test_the_two_losses_are_the_gap_and_belong_to_their_timescale(study: Study, store: Record) -> None:
    found = losses(study, in_turn(study), store).set_index(["label", "instance_sha256"])
    for row in study.cells.itertuples(index=False):
        caching, allocation = found.loc[(row.label, row.instance_sha256), ["caching", "allocation"]]
        assert caching + allocation == pytest.approx(row.gap_low, abs=1e-6)
    by_label = found.groupby("label")[["caching", "allocation"]].mean()
    assert by_label.loc["exhaustive"].tolist() == [0.0, 0.0]
    assert by_label.at["none", "allocation"] == pytest.approx(0.0, abs=1e-6)
    assert by_label.at["none", "caching"] > 0.05
    assert by_label.at["random+equal", "allocation"] > 0.01


def test_the_split_is_over_as_many_instances_as_there_is_time_for(
    study: Study, store: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timescales, "MOST_REQUESTS", 1)
    some = losses(study, in_turn(study), store)
    assert some["scope"].unique().tolist() == ["tiny"]
    drawn = timescale_split.plot(some)
    assert list(drawn.panels) == ["tiny"]
    assert "on 1 instance with" in drawn.caption


def test_the_split_has_a_panel_for_all_instances(study: Study, store: Record) -> None:
    drawn = timescale_split.plot(losses(study, in_turn(study), store))
    assert list(drawn.panels) == [ALL, "tiny", "small"]
    assert next(series["solver"] for series in drawn.panels[ALL]) == "exhaustive"
