"""A figure: what it says, how it is drawn, and its files in every format of print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure as Canvas

from reports.drawing.style import KINDS, styled, to_bytes


@dataclass(frozen=True)
class Figure:
    """A figure that is not drawn yet."""

    name: str
    """The stem of its files."""
    title: str
    caption: str
    """What was measured, over what, with how many seeds and where."""
    draw: Callable[[], Canvas]
    """Draws it anew: matplotlib's figure."""

    def files(self) -> dict[str, bytes]:
        """Draw it; a file for each of the kinds ``png``, ``svg`` and ``pdf``, laid out once."""
        canvas = self.draw()
        with styled():
            canvas.draw_without_rendering()
            # With an engine, even the one of no layout, every file would be drawn twice.
            canvas.set_layout_engine(None)
        return {kind: to_bytes(canvas, kind) for kind in KINDS}
