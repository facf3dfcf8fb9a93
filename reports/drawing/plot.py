"""A plot as data: the page's scripts draw it, and the table under it says the same."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["points", "lines", "intervals", "bars"]
Scale = Literal["linear", "span", "log", "gap"]
"""``linear`` holds 0, ``span`` the data alone; ``gap`` is logarithmic down to small gaps and linear from there to 0."""
Series = dict[str, Any]
"""``solver`` (a label), ``complete`` (whether every cell stands behind it), and by the plot's kind: ``points`` x, y
and the upper end of y; ``lines`` lists x and y; ``intervals`` x, low and high; ``bars`` a list of parts."""


@dataclass(frozen=True)
class AxisOf:
    """What an axis measures."""

    label: str
    scale: Scale = "linear"


@dataclass(frozen=True)
class Plot:
    """One plot with its panels, one a scope, of which the page shows one at a time."""

    name: str
    title: str
    caption: str
    kind: Kind
    x: AxisOf
    y: AxisOf | None
    """None where every solver has a row of its own."""
    panels: dict[str, list[Series]]
    """By scope; the best first."""
    nothing: str
    """What to say of a scope without a series: why there is none."""
    parts: tuple[str, ...] = ()
    """Names of the parts of a bar."""
    stepped: bool = False
    """Whether a line stays at its last value until the next."""

    def document(self, solvers: list[str]) -> dict[str, Any]:
        """For the page, solvers as places in ``solvers``."""
        places = {label: place for place, label in enumerate(solvers)}
        panels = {
            scope: [series | {"solver": places[series["solver"]]} for series in panel]
            for scope, panel in self.panels.items()
        }
        return asdict(self) | {"panels": panels}
