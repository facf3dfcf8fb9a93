"""The chapter on demand: there for drawn and fitted families together."""

from __future__ import annotations

import pandas as pd

from reports.chapters.demand.chapter import chapter
from reports.study.study import study_of
from tests.reports.cells import Row, study_from
from tests.reports.sections import check_alike, section_of


def test_only_drawn_and_fitted_families_together_make_a_chapter(rows: list[Row], busy: pd.DataFrame) -> None:
    assert chapter(study_of(busy)).section is None
    for family in ("drift", "production"):
        assert chapter(study_from([row for row in rows if row["family"] == family])).section is None
    elsewhere = [{**row, "family": row["family"].replace("production", "production-m10-n30-k12-t24")} for row in rows]
    assert chapter(study_from(elsewhere)).section is None
    ends = [row for row in rows if row["label"] in ("exhaustive", "none", "static")]
    assert chapter(study_from(ends)).section is None


def test_the_order_of_the_rows_does_not_matter(rows: list[Row]) -> None:
    section = section_of(chapter, rows)
    check_alike(section, section_of(chapter, rows[::-1]))
    names = ["demand", "demand-rankings", "demand-pairs", "demand-assumptions"]
    assert [table.name for table in section.tables] == names
