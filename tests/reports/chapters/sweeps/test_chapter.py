"""The chapter Sweeps: drawn axis by axis, and the same whatever the order of the rows."""

from __future__ import annotations

from reports.chapters.sweeps.chapter import chapter
from tests.reports.chapters.sweeps.points import CACHES, chains, sweep
from tests.reports.sections import check_alike, drawn, section_of


def test_every_axis_is_drawn_and_the_order_of_the_rows_does_not_matter() -> None:
    rows = sweep((*CACHES, "paper-skew-x0", "paper-skew-x2"))
    rows += [row for row in chains({1: 0.3, 2: 0.2, 5: 0.1}) if row["label"].startswith("chain")]
    section = section_of(chapter, rows)
    check_alike(section, section_of(chapter, rows[::-1]))
    svg = drawn(section)
    for words in (b"paper: cache capacity", b"paper: skew", b"edge hit ratio", b"certified optimum", b"random+equal"):
        assert words in svg
