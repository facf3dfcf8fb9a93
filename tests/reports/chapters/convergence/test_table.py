"""Sentences say what the tables hold."""

from __future__ import annotations

import math

import pytest

from reports.chapters.convergence.chapter import chapter
from tests.reports.cells import Row
from tests.reports.sections import section_of


def test_the_sentences_say_what_the_table_holds(trained: list[Row]) -> None:
    found = section_of(chapter, trained)
    (table,) = found.tables
    assert table.data["learner"].tolist() == ["t2drl", "ddqn+ddpg"]
    assert table.data.loc[0, ["excess", "training_cpu_s", "near_end_s"]].tolist() == pytest.approx([2.0, 13.0, 13.0])
    assert math.isnan(table.data.loc[0, "near_optimum_s"])
    assert found.findings[1].startswith(
        "small: “t2drl” (2 agents) ends 2.00\u00a0% above the optimum after 13.0 CPU seconds, 1.00\u00a0% by its "
        "allocations alone; it stays within 1\u00a0% of that cost from 13.0 s on, and does not come within 1\u00a0% of "
        "the optimum. Its excess changed by -7.00 points at the end"
    )
    assert found.findings[1].endswith(": it still improved.")
    assert found.findings[2] == "small: nothing was measured while the agents of “online-optimal+td3” were trained."
    assert len(found.long_tables[0].data) == 26
