"""Nothing lies on top of a name."""

from __future__ import annotations

import itertools

from matplotlib.figure import Figure as Canvas

from reports.drawing.labels import name_points


def test_names_lie_on_no_point_and_no_name() -> None:
    canvas = Canvas(figsize=(5, 4))
    axes = canvas.add_subplot()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    points = [(0.1 + 0.3 * (n % 3), 0.2 + 0.02 * n, f"solver number {n}") for n in range(9)]
    canvas.draw_without_rendering()
    assert name_points(axes, points)
    canvas.draw_without_rendering()
    boxes = [super(type(note), note).get_window_extent() for note in axes.texts]
    assert len(boxes) == 9
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    spots = axes.transData.transform([(x, y) for x, y, _ in points])
    assert not any(box.contains(*spot) for box in boxes for spot in spots)


def test_a_name_beside_another_point_is_led_to_its_own() -> None:
    canvas = Canvas(figsize=(5, 4))
    axes = canvas.add_subplot()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    canvas.draw_without_rendering()
    assert name_points(axes, [(0.5, 0.5, "alone")])
    assert axes.texts[0].arrow_patch is None
    assert name_points(axes, [(0.5, 0.5, "in between")], nameless=[(0.46, 0.5), (0.54, 0.5)])
    assert axes.texts[1].arrow_patch is not None


def test_names_without_room_are_not_written_at_all() -> None:
    canvas = Canvas(figsize=(1.5, 1.5))
    axes = canvas.add_subplot()
    canvas.draw_without_rendering()
    assert not name_points(axes, [(0.5, 0.5, f"a rather long name {n}") for n in range(20)])
    assert not axes.texts
