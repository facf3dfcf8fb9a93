"""The sections of chapters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reports.chapters.chapter import Chapter, Section
from reports.study.study import Study
from tests.reports.cells import Row, study_from
from tests.reports.drawings import svg_of


def section_of(chapter: Callable[[Study], Chapter], rows: Sequence[Row]) -> Section:
    """The section of the chapter on these rows, which must have one."""
    section = chapter(study_from(rows)).section
    assert section is not None
    return section


def drawn(section: Section) -> bytes:
    """The section's figure, which it must have, as SVG."""
    assert section.figure is not None
    return svg_of(section.figure)


def check_alike(one: Section, other: Section) -> None:
    """What the sections say, in sentences and in tables, is the same."""
    assert (one.title, one.method, one.findings) == (other.title, other.method, other.findings)
    tables = zip((*one.tables, *one.long_tables), (*other.tables, *other.long_tables), strict=True)
    assert all((a.title, a.caption, a.rows()) == (b.title, b.caption, b.rows()) for a, b in tables)
