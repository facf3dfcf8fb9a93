"""A finished figure, in every format of print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.figure import Figure as Canvas

from reports.style import KINDS, styled, to_bytes


@dataclass(frozen=True)
class Figure:
    """What a figure says, and its files."""

    name: str
    """The stem of its files."""
    title: str
    caption: str
    """What was measured, over what, with how many seeds and where."""
    contents: Mapping[str, bytes]
    """A file for each of the kinds ``png``, ``svg`` and ``pdf``."""


def finished(name: str, title: str, caption: str, canvas: Canvas) -> Figure:
    """The figure that is drawn on the canvas, laid out once for all kinds."""
    with styled():
        canvas.draw_without_rendering()
        # With an engine, even the one of no layout, every file would be drawn twice.
        canvas.set_layout_engine(None)
    return Figure(name, title, caption, {kind: to_bytes(canvas, kind) for kind in KINDS})
