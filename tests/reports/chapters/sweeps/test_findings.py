"""What is said of solvers along a sweep."""

from __future__ import annotations

from reports.chapters.sweeps.chapter import chapter
from tests.reports.chapters.sweeps.points import CACHES, point
from tests.reports.sections import section_of


def test_the_sentences_count_points_and_name_the_exceptions() -> None:
    rows = point(CACHES[0]) + point("paper", **{"ddqn+ddpg": 0.5})
    rows += point(CACHES[2], **{"t2drl": 1.2, "ddqn+ddpg": 1.21, "online-optimal": 0.8})
    found = section_of(chapter, rows)
    assert (
        "paper: “t2drl” is ahead of “ddqn+ddpg” at 1 of 3 points, not told apart at 1, behind at 1 "
        "(the family's own setting)." in found.findings
    )
    assert "paper: “t2drl” is ahead of “random+equal” at 3 of 3 points." in found.findings
    assert any(
        said.startswith("paper: “t2drl” is 1.23") and "at worst (a cache of 66.7 %)" in said for said in found.findings
    )
    assert (
        "paper: the paper's order “t2drl”, “ddqn+ddpg”, “static+genetic”, “random+equal”, the best first, fails: "
        "“ddqn+ddpg” is ahead of “t2drl” at 1 (the family's own setting)." in found.findings
    )
