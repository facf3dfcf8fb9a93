"""A figure is drawn anew when it is asked for, and always gives the same files."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas

from reports.drawing.canvas import panel_grid, titled_canvas
from reports.drawing.figure import Figure
from reports.drawing.style import KINDS, styled


def test_every_kind_has_a_file_and_the_files_are_the_same_again() -> None:
    drawn: list[Canvas] = []

    def draw() -> Canvas:
        with styled():
            drawn.append(titled_canvas("A title", 2.0))
            panel_grid(drawn[-1], 1, 1)[0].plot([0, 1], [1, 0])
        return drawn[-1]

    figure = Figure("a", "A title", "A caption.", draw)
    assert drawn == []
    files = figure.files()
    assert tuple(files) == KINDS
    assert figure.files() == files
    assert len(drawn) == 2
