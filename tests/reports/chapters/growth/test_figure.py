"""Families, kinds of solvers and dimensions are drawn."""

from __future__ import annotations

from reports.chapters.growth.chapter import chapter
from tests.reports.cells import Row
from tests.reports.chapters.growth.sizes import along
from tests.reports.sections import drawn, section_of


def test_two_families_and_all_dimensions_are_drawn() -> None:
    rows: list[Row] = []
    for family in ("paper", "drift"):
        for dimension in ("models", "slots") if family == "paper" else ("models",):
            for label, exact in (("a", True), ("b", False)):
                times = {size: [0.01 * size] for size in (5, 10, 20)}
                rows += along(label, dimension, times, family=family, exact=exact)
    found = section_of(chapter, rows)
    assert [table.title for table in found.tables] == [
        "paper: solve time against M",
        "paper: solve time against K",
        "drift: solve time against M",
    ]
    svg = drawn(found)
    for words in (b"paper: exact", b"paper: hindsight", b"drift: exact", b"M, models", b"K, slots a frame"):
        assert words in svg
