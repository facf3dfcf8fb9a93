"""Names beside points, so that none lies on another name or point."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

_SIXTEENTHS = (0, 8, 2, 6, 14, 10, 1, 7, 15, 9, 3, 5, 13, 11, 4, 12)
"""Directions to try, in sixteenths of a turn: beside the point first, above and below it last."""
_DISTANCES_PT = (6, 11, 18, 26, 36, 48, 62)
_LEADER_FROM_PT = 11
"""From this distance on a thin line leads from the name to its point."""
_DOTS = 12
"""A leader is checked at so many places."""
_POINT_PT = 4.0
"""Half the side of the square that a point keeps free."""
_CLEAR_PT = 8.0
"""A name without a leader keeps so far from points of others, so that it is not taken for theirs."""
_LED_CLEAR_PT = (18.0, 6.0)
"""And one with a leader: beside, where names are looked for, and above or below."""


Line = tuple[tuple[float, float], tuple[float, float]]
"""Two ends of a horizontal or vertical line, in data."""


def name_points(
    axes: Axes,
    points: Sequence[tuple[float, float, str]],
    lines: Sequence[Line] = (),
    nameless: Sequence[tuple[float, float]] = (),
    size: float = 8,
) -> bool:
    """Write each ``(x, y, name)`` beside its point, off the ``lines`` and off the ``nameless`` points.

    The figure's layout must be settled. Names are placed from top to bottom, each at the nearest free
    place. Returns False, with nothing written, when one finds no place.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    pixels = figure.dpi / 72
    frame = axes.get_window_extent()
    spots = [_spot(axes, x, y) for x, y, _ in points]
    spots += [_spot(axes, x, y) for x, y in nameless]
    taken = [Bbox.from_bounds(x, y, 0, 0).padded(_POINT_PT * pixels) for x, y in spots]
    barred = [Bbox(axes.transData.transform(line)).padded(pixels) for line in lines]
    places = []
    for x, y, name in sorted(points, key=lambda point: (-point[1], point[0], point[2])):
        spot = _spot(axes, x, y)
        others = [other for other in spots if math.dist(spot, other) > _POINT_PT * pixels]
        found = _free_place(spot, _extent(axes, name, size), taken, barred, others, frame, pixels)
        if found is None:
            return False
        offset, box = found
        taken.append(box)
        if _is_far(offset):
            barred += [Bbox.from_bounds(*dot, 0, 0).padded(pixels) for dot in _leader(spot, offset, pixels)]
        places.append((name, (x, y), offset))
    for name, point, offset in places:
        _write(axes, name, point, offset, size)
    return True


def _spot(axes: Axes, x: float, y: float) -> tuple[float, float]:
    left, bottom = axes.transData.transform((x, y))
    return float(left), float(bottom)


def _extent(axes: Axes, name: str, size: float) -> tuple[float, float]:
    text = axes.text(0, 0, name, fontsize=size)
    box = text.get_window_extent()
    text.remove()
    return box.width, box.height


def _free_place(
    spot: tuple[float, float],
    extent: tuple[float, float],
    taken: Sequence[Bbox],
    barred: Sequence[Bbox],
    strangers: Sequence[tuple[float, float]],
    frame: Bbox,
    pixels: float,
) -> tuple[tuple[float, float], Bbox] | None:
    for dx, dy in _offsets():
        x, y = spot[0] + dx * pixels, spot[1] + dy * pixels
        horizontal, vertical = _alignment(dx, dy)
        left = x - {"left": 0.0, "center": extent[0] / 2, "right": extent[0]}[horizontal]
        bottom = y - {"bottom": 0.0, "center": extent[1] / 2, "top": extent[1]}[vertical]
        box = Bbox.from_bounds(left, bottom, *extent)
        inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
        others = [other for other in taken if not other.contains(*spot)]
        crossed = any(other.contains(*dot) for other in others for dot in _leader(spot, (dx, dy), pixels))
        clear_x, clear_y = _LED_CLEAR_PT if _is_far((dx, dy)) else (_CLEAR_PT, _CLEAR_PT)
        reach = box.padded(clear_x * pixels, clear_y * pixels)
        mistaken = any(reach.contains(*stranger) for stranger in strangers)
        if inside and not crossed and not mistaken and not any(box.overlaps(other) for other in (*taken, *barred)):
            return (dx, dy), box
    return None


def _leader(spot: tuple[float, float], offset: tuple[float, float], pixels: float) -> list[tuple[float, float]]:
    """Dots along the line from a point to its name."""
    parts = [pixels * dot / _DOTS for dot in range(_DOTS)]
    return [(spot[0] + offset[0] * part, spot[1] + offset[1] * part) for part in parts]


def _is_far(offset: tuple[float, float]) -> bool:
    return math.hypot(*offset) > _LEADER_FROM_PT - 1e-9


def _offsets() -> Iterator[tuple[float, float]]:
    for distance in _DISTANCES_PT:
        for part in _SIXTEENTHS:
            yield distance * math.cos(math.pi * part / 8), distance * math.sin(math.pi * part / 8)


def _alignment(dx: float, dy: float) -> tuple[str, str]:
    horizontal = "left" if dx > 1 else "right" if dx < -1 else "center"
    vertical = "bottom" if dy > 1 else "top" if dy < -1 else "center"
    return horizontal, vertical


def _line_to(horizontal: str, vertical: str) -> dict[str, Any]:
    """The leader as it was checked: to the corner or edge of the name that stands next to the point."""
    corner = {"left": 0.0, "bottom": 0.0, "center": 0.5, "right": 1.0, "top": 1.0}
    ends = {"relpos": (corner[horizontal], corner[vertical]), "shrinkA": 0, "shrinkB": 3}
    return {"arrowstyle": "-", "lw": 0.5, "color": "0.55", **ends}


def _write(axes: Axes, name: str, point: tuple[float, float], offset: tuple[float, float], size: float) -> None:
    horizontal, vertical = _alignment(*offset)
    note = axes.annotate(
        name,
        point,
        offset,
        textcoords="offset points",
        ha=horizontal,
        va=vertical,
        fontsize=size,
        arrowprops=_line_to(horizontal, vertical) if _is_far(offset) else None,
    )
    note.set_in_layout(False)
