"""Figures as text."""

from __future__ import annotations

from reports.drawing.figure import Figure
from reports.drawing.style import to_bytes


def svg_of(figure: Figure) -> bytes:
    """The figure as SVG alone: all kinds take longer."""
    return to_bytes(figure.draw(), "svg")
