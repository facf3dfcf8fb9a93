"""The chapter Anytime is there where events are."""

from __future__ import annotations

from reports.chapters.anytime.chapter import chapter
from reports.study.study import Study, study_of
from tests.reports.drawings import svg_of


def test_the_chapter_is_there_where_events_are(study: Study) -> None:
    section = chapter(study).section
    assert section is not None
    (table,) = section.tables
    assert [row[0] for row in table.rows()] == ["exact", "thumb", "mute"]
    assert table.rows()[2][3] == "\u2013"
    assert section.figure is not None
    assert b"thumb" in svg_of(section.figure)
    silent = study_of(study.cells.assign(events="[]").drop(columns=["scope", "outcome", "solved"]))
    assert chapter(silent).section is None
