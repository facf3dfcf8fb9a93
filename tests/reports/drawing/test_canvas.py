"""Panels side by side, and one legend for all."""

from __future__ import annotations

import pytest
from matplotlib.lines import Line2D

from reports.drawing.canvas import legend_of, panel_grid, rows_of, titled_canvas


@pytest.mark.parametrize(("panels", "columns", "rows"), [(1, 2, 1), (2, 2, 1), (3, 2, 2), (7, 3, 3)])
def test_there_are_as_many_panels_as_were_asked_for(panels: int, columns: int, rows: int) -> None:
    canvas = titled_canvas("A title", 3.0)
    assert rows_of(panels, columns) == rows
    assert len(panel_grid(canvas, panels, columns)) == len(canvas.axes) == panels


@pytest.mark.parametrize(("panels", "beside"), [(3, True), (4, False)])
def test_the_legend_takes_the_place_of_a_panel_where_one_is_free(panels: int, beside: bool) -> None:
    canvas = titled_canvas("A title", 3.0)
    legend_of(canvas, panel_grid(canvas, panels, 2), [Line2D([], [])], ["a solver"])
    assert len(canvas.axes) == panels + beside
    assert len(canvas.legends) == 1 - beside
