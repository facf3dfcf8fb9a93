"""What caches and what allocations lose."""

from __future__ import annotations

import pytest

from reports.chapters.timescales import measure
from reports.chapters.timescales.measure import losses
from reports.study.selection import in_turn
from reports.study.study import Study, study_of


def test_the_two_losses_are_the_gap_and_belong_to_their_timescale(answered_study: Study) -> None:
    found = losses(answered_study, in_turn(answered_study)).set_index(["label", "instance_sha256"])
    for row in answered_study.cells.itertuples(index=False):
        caching, allocation = found.loc[(row.label, row.instance_sha256), ["caching", "allocation"]]
        assert caching + allocation == pytest.approx(row.gap_low, abs=1e-6)
    by_label = found.groupby("label")[["caching", "allocation"]].mean()
    assert by_label.loc["exhaustive"].tolist() == [0.0, 0.0]
    assert by_label.at["none", "allocation"] == pytest.approx(0.0, abs=1e-6)
    assert by_label.at["none", "caching"] > 0.05
    assert by_label.at["random+equal", "allocation"] > 0.01


def test_the_split_is_over_as_many_instances_as_there_is_time_for(
    answered_study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "MOST_REQUESTS", 1)
    some = losses(answered_study, in_turn(answered_study))
    assert some["scope"].unique().tolist() == ["tiny"]
    assert some["instance_sha256"].nunique() == 1


def test_without_stored_solutions_nothing_is_known(answered_study: Study) -> None:
    assert losses(study_of(answered_study.cells), in_turn(answered_study)).empty
