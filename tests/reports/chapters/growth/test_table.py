"""Each solver has an exponent, or the reason why not."""

from __future__ import annotations

from reports.chapters.growth.chapter import chapter
from tests.reports.chapters.growth.sizes import along, sized_row
from tests.reports.sections import section_of


def test_without_three_completed_sizes_there_is_a_reason_in_place_of_an_exponent() -> None:
    rows = along("a", "slots", {5: [0.1], 10: [0.2]})
    rows += [sized_row("a", None, slots=20, status="timeout", cost=None, wall_s=21.0)]
    rows += along("b", "slots", {5: [0.1], 10: [0.2], 20: [0.4]})
    found = section_of(chapter, rows)
    (table,) = found.tables
    first, second = table.rows()
    assert first[:3] == ["b", "1.00", "1.00 to 1.00"]
    assert second[:5] == ["a", "–", "–", "–", "1.00"]
    assert second[-1] == "completed at 2 of 3 sizes; needs 3"
