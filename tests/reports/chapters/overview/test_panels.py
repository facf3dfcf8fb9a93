"""What the figures of the overview show of a family."""

from __future__ import annotations

import pytest

from reports.chapters.overview.panels import family_panels, panel_of, solver_rows
from tests.reports.cells import study_from
from tests.reports.plots import few_solvers


def test_a_panel_has_the_means_of_those_with_an_answer_and_knows_the_others() -> None:
    summary = study_from(few_solvers()).summary
    panel = panel_of("small", summary[summary["instances"] > 0], summary["label"])
    assert [mean.label for mean in panel.means] == ["exact", "close", "none"]
    assert [mean.low for mean in panel.means] == pytest.approx([0.0, 0.5, 50.0])
    assert [sum(mean.parts.values()) for mean in panel.means] == pytest.approx([2.0, 2.01, 3.0])
    assert panel.silent == ["broken"]


def test_every_label_has_a_row_and_who_has_no_mean_is_said_why() -> None:
    summary = study_from(few_solvers()).summary
    panel = panel_of("small", summary[summary["instances"] > 0], summary["label"])
    _, (axes,) = family_panels("A title", [panel], 3, 2.0)
    assert solver_rows(axes, panel, ["exact", "broken", "absent"], named=True) == {"exact": 0, "broken": 1, "absent": 2}
    assert {note.get_text() for note in axes.texts} == {"no answer", "not tried"}
    assert axes.get_title(loc="left") == "small"
