"""What is said where nobody can be told apart."""

from __future__ import annotations

from reports.chapters.ranks.chapter import chapter
from tests.reports.chapters.ranks.contest import rows
from tests.reports.sections import section_of


def test_too_few_instances_are_said_to_be_too_few() -> None:
    section = section_of(chapter, rows(6))
    assert section.findings == ["small: 6 instances are too few to tell any of 6 pairs apart."]
    assert "nothing is told apart here" in section.tables[0].caption
