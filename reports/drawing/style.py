"""One look for every figure: colour-blind safe, the same mark for a solver wherever it appears."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties, findfont, get_font

INK = "#24292f"
GRID = "#d8dee4"
PAPER = "#ffffff"
MUTED = "#6e7781"

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's palette without black and its yellow, which is faint on white."""
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""Their number has no common factor with that of the colours, so 42 solvers differ in colour or marker."""
_DASHES: tuple[tuple[float, ...], ...] = ((), (6, 2), (1.5, 1.5), (6, 1.5, 1.5, 1.5))
"""Lines of one colour differ by these: solvers of the same colour follow one another in them."""

PARTS = {"latency": "#0072b2", "quality": "#56b4e9", "late": "#d55e00", "loading": "#e69f00"}
"""The four parts of the cost."""

_SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": False,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "savefig.dpi": 150,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "t2bench",
}


_LONGEST_NAME = 36
"""Characters of a name in a figure; longer ones would push out what they name."""
_FONT = "'DejaVu Sans'"
"""As the SVG names it; where a reader lacks it, a font of the same width and then any without serifs follow."""
_NO_METADATA: dict[str, Any] = {
    "png": {"Software": None},
    "svg": dict.fromkeys(("Date", "Creator", "Format", "Type")),
    "pdf": dict.fromkeys(("CreationDate", "Creator", "Producer")),
}
"""Neither the time nor the version of matplotlib, so that equal figures are equal files."""
KINDS = tuple(_NO_METADATA)
"""The formats of a figure."""


@dataclass(frozen=True)
class Mark:
    """How a solver is drawn."""

    colour: str
    marker: str
    dash: tuple[float, ...] = ()
    """Lengths of the dashes of a line and of what is between them; empty: a full line."""

    @property
    def line(self) -> dict[str, Any]:
        """matplotlib's settings of a line."""
        return {"color": self.colour, "linestyle": (0, self.dash) if self.dash else "-"}

    def filled(self, complete: bool) -> dict[str, Any]:
        """matplotlib's settings of a point: full for a mean over all cells, hollow over an incomplete set."""
        face, edge, width = (self.colour, PAPER, 0.6) if complete else (PAPER, self.colour, 1.2)
        return {"markerfacecolor": face, "markeredgecolor": edge, "markeredgewidth": width}


OTHER = Mark(GRID, "o")
"""Solvers that a crowded figure does not tell apart."""


def marks(labels: Iterable[str]) -> dict[str, Mark]:
    """A mark for every label; it depends on the set of labels only."""
    return {
        label: Mark(_COLOURS[place % len(_COLOURS)], _MARKERS[place % len(_MARKERS)], _dash(place))
        for place, label in enumerate(sorted(set(labels)))
    }


def _dash(place: int) -> tuple[float, ...]:
    return _DASHES[place // len(_COLOURS) % len(_DASHES)]


def lacks(text: str) -> bool:
    """Whether the font of PNG and PDF figures lacks a letter of the text."""
    glyphs = get_font(findfont(FontProperties(family=_SETTINGS["font.family"]))).get_charmap()
    return any(ord(letter) not in glyphs for letter in text if not letter.isspace())


def short(name: str) -> str:
    """A name as a figure has room for it; the tables have it whole."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


@contextmanager
def styled() -> Iterator[None]:
    """matplotlib's defaults with this style, whatever the user's own configuration says; undone at the end."""
    with mpl.rc_context(), warnings.catch_warnings():
        # A name in a script that the bundled font lacks; the SVG holds it as text all the same.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def to_bytes(canvas: Canvas, kind: str) -> bytes:
    """The figure as one of ``KINDS``; the same figure gives the same bytes. A PDF holds its font (TrueType)."""
    stream = io.BytesIO()
    with styled():
        canvas.savefig(stream, format=kind, facecolor=PAPER, metadata=_NO_METADATA[kind])
    content = stream.getvalue()
    return content.replace(_FONT.encode(), f"{_FONT}, Verdana, sans-serif".encode()) if kind == "svg" else content
