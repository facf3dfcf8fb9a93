"""The chapter Convergence: sentences, tables and figure of the agents that have learning curves."""

from __future__ import annotations

import pandas as pd

from reports.chapters.convergence.chapter import chapter
from reports.study.study import study_of
from tests.reports.cells import Row, cell, study_from
from tests.reports.sections import check_alike, section_of


def test_there_is_none_without_curves(trained: list[Row]) -> None:
    assert chapter(study_from([cell("a", "i", 2.0)])).section is None
    assert chapter(study_of(pd.DataFrame(trained).assign(learning_curves=None))).section is None


def test_the_order_of_the_rows_does_not_matter(trained: list[Row]) -> None:
    check_alike(section_of(chapter, trained), section_of(chapter, trained[::-1]))
