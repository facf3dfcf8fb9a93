"""The plot of what each timescale loses."""

from __future__ import annotations

from reports.chapters.timescales.measure import losses
from reports.chapters.timescales.plot import plot
from reports.study.selection import in_turn
from reports.study.study import Study
from reports.study.summary import ALL


def test_there_is_a_panel_for_all_instances_and_one_a_family(answered_study: Study) -> None:
    drawn = plot(losses(answered_study, in_turn(answered_study)))
    assert list(drawn.panels) == [ALL, "tiny", "small"]
    assert next(series["solver"] for series in drawn.panels[ALL]) == "exhaustive"


def test_a_single_family_has_a_panel_of_its_own_alone(answered_study: Study) -> None:
    drawn = plot(losses(answered_study, in_turn(answered_study)[:1]))
    assert list(drawn.panels) == ["tiny"]
    assert "on 1 instance with" in drawn.caption


def test_without_losses_it_says_what_it_needs(answered_study: Study) -> None:
    drawn = plot(losses(answered_study, []))
    assert drawn.panels == {}
    assert drawn.nothing.startswith("No split: it needs stored solutions")
