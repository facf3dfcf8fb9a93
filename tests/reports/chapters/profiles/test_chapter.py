"""The chapter Profiles: who reaches which gap."""

from __future__ import annotations

from reports.chapters.profiles.chapter import chapter
from tests.reports.cells import study_from
from tests.reports.chapters.profiles.race import rows
from tests.reports.sections import drawn, section_of


def test_the_tables_say_who_reaches_what_and_the_figure_shows_it() -> None:
    section = section_of(chapter, rows())
    assert [table.title for table in section.tables] == [
        "Answers within 5\u00a0%",
        "Answers within 1\u00a0%",
        "Answers at the optimum",
    ]
    first = {row[0]: row[1:] for row in section.tables[0].rows()}
    assert list(first) == ["quick", "sure", "broken"]
    assert first["quick"] == ["6 of 6", "6", "0.0200", "0.0200", "0.00250", "1.00"]
    assert first["broken"] == ["0 of 6", "0", "–", "–", "–", "–"]
    svg = drawn(section)
    for words in (b"within 5", b"at the optimum", b"times the fastest", b"seconds by request"):
        assert words in svg


def test_too_few_instances_have_no_profile() -> None:
    assert chapter(study_from(rows(4))).section is None
