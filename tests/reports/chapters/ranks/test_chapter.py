"""The chapter Ranks: every scope and pair, and when nobody can be told apart."""

from __future__ import annotations

from reports.chapters.ranks.chapter import chapter
from tests.reports.cells import cell, study_from
from tests.reports.chapters.ranks.contest import EXCESS, rows
from tests.reports.sections import check_alike, drawn, section_of


def test_with_hardly_any_instances_or_one_solver_there_is_no_chapter() -> None:
    assert chapter(study_from(rows(4))).section is None
    assert chapter(study_from([cell("a", f"i{n}", 2.0) for n in range(9)])).section is None


def test_the_chapter_holds_every_scope_and_pair_and_is_twice_the_same() -> None:
    made = rows(12) + rows(8, "tiny")
    first, second = (section_of(chapter, order) for order in (made, made[::-1]))
    check_alike(first, second)
    svg = drawn(first)
    assert [table.data["scope"].iloc[0] for table in first.tables] == ["all instances", "tiny", "small"]
    assert [len(table.data) for table in first.long_tables] == [6, 6, 6]
    assert all(label.encode() in svg for label in EXCESS)
    assert first.findings[0].startswith("all instances: “best” has the least average rank, 1.75, and is not told apart")
