"""A finished figure, in every format of print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from matplotlib.figure import Figure as Canvas

from reports.drawing.beside import Beside
from reports.drawing.style import KINDS, styled, to_bytes


@dataclass(frozen=True)
class Figure:
    """What a figure says, and its files."""

    name: str
    """The stem of its files."""
    title: str
    caption: str
    """What was measured, over what, with how many seeds and where."""
    drawing: Beside[dict[str, bytes]]
    draw: Callable[[], Canvas]
    """Draws it as an object of matplotlib."""

    @cached_property
    def contents(self) -> Mapping[str, bytes]:
        """A file for each of the kinds ``png``, ``svg`` and ``pdf``."""
        return self.drawing.result()


def finished(name: str, title: str, caption: str, draw: Callable[[], Canvas]) -> Figure:
    """The figure that is drawn on the canvas; it and its files are made while the report goes on."""
    return Figure(name, title, caption, Beside(lambda: _files(draw())), draw)


def _files(canvas: Canvas) -> dict[str, bytes]:
    """The canvas in all kinds, laid out once."""
    with styled():
        canvas.draw_without_rendering()
        # With an engine, even the one of no layout, every file would be drawn twice.
        canvas.set_layout_engine(None)
    return {kind: to_bytes(canvas, kind) for kind in KINDS}
