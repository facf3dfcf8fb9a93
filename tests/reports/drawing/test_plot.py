"""A plot as the page takes it."""

from __future__ import annotations

from reports.drawing.plot import AxisOf, Plot


def test_solvers_are_places_in_the_document() -> None:
    panels = {"tiny": [{"solver": "b", "x": 1, "complete": True}], "small": []}
    plot = Plot("p", "A plot", "A caption.", "intervals", AxisOf("gap, %", "gap"), None, panels, "Nothing.")
    document = plot.document(["a", "b"])
    assert document["panels"] == {"tiny": [{"solver": 1, "x": 1, "complete": True}], "small": []}
    assert document["x"] == {"label": "gap, %", "scale": "gap"}
    assert document["y"] is None
    assert plot.panels == panels
