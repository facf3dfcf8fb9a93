"""Lengths of the diffusion chain."""

from __future__ import annotations

from reports.chapters.sweeps.chapter import chapter
from tests.reports.cells import study_from
from tests.reports.chapters.sweeps.points import chains
from tests.reports.sections import section_of


def test_chain_lengths_are_compared_with_the_shortest() -> None:
    found = section_of(chapter, chains({10: 0.4, 1: 0.9, 2: 0.1}))
    assert found.figure is None
    (table,) = found.tables
    assert table.data["chain"].tolist() == [1, 2, 10]
    assert table.data["training_cpu_s"].tolist() == [10, 20, 100]
    assert table.data["side"].tolist() == [0, -1, -1]
    (said,) = found.findings
    assert "a chain of 2 steps has the least excess" in said
    assert said.endswith("Beside a chain of 1 step: 2 ahead of it, 10 ahead of it.")


def test_two_chain_lengths_make_no_table() -> None:
    assert chapter(study_from(chains({1: 0.5, 2: 0.1}))).section is None
