"""Who is on the front of gap against time."""

from __future__ import annotations

from reports.chapters.overview.gap_against_time import front
from reports.chapters.overview.panels import Mean


def test_the_front_is_what_none_beats() -> None:
    fast, both, slow, beaten = (
        Mean("fast", 1.0, 3.0, 3.0, {}, True),
        Mean("both", 2.0, 1.0, 1.0, {}, True),
        Mean("slow", 3.0, 0.0, 0.0, {}, True),
        Mean("beaten", 3.0, 2.0, 2.0, {}, True),
    )
    partial = Mean("partial", 0.1, 0.0, 0.0, {}, False)
    assert front([slow, beaten, partial, both, fast]) == [fast, both, slow]
