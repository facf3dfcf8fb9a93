"""Tables of learners say what their intervals rest on."""

from __future__ import annotations

from reports.chapters.learners.chapter import chapter
from tests.reports.cells import Row
from tests.reports.chapters.learners.trainings import TRACES, around, by_label, cells, exactly
from tests.reports.sections import section_of


def test_one_training_seed_is_said_and_one_trace_has_no_interval() -> None:
    rows = cells("online-optimal", exactly(0.0)) + cells("t2drl", around(1, 0, 1, 1), taught=True)
    table = section_of(chapter, rows).tables[0]
    assert table.rows()[0][-1] == "one training seed: interval over traces alone"
    single = [row for row in rows if row["trace_seed"] == TRACES[0]]
    found = section_of(chapter, single)
    assert "no interval: a scenario with one trace" in found.tables[0].rows()[0][-1]
    assert "without an interval" in found.findings[0]


def test_failing_on_some_instances_does_not_lead(trained: list[Row]) -> None:
    easy = [row for row in cells("quitter", exactly(-2.0), taught=True) if row["trace_seed"] < TRACES[-1]]
    found = section_of(chapter, trained + easy)
    assert found.tables[0].rows()[-1][0] == "quitter"
    assert "quitter" not in found.findings[0]
    assert any(sentence.startswith("small: “quitter” costs 2.00\u00a0% less") for sentence in found.findings)


def test_what_failed_is_left_out_for_all_seeds_and_said() -> None:
    rows = cells("online-optimal", exactly(0.0)) + cells("t2drl", around(1, 1, 1, 1), seeds=2, taught=True)
    gone = next(row for row in rows if row["label"] == "t2drl")
    gone |= {"cost": None, "status": "crash", "solution": None}
    assert by_label(rows)["t2drl"].instances == 11
    assert section_of(chapter, rows).tables[0].rows()[0][-1] == "1 instance without an answer left out"


def test_a_training_cut_short_is_said_by_every_solver_that_uses_the_agent() -> None:
    rows = cells("online-optimal", exactly(0.0)) + cells("t2drl", exactly(1.0), seeds=2, taught=True)
    for row in rows:
        row["training_whole"] = None if row["agent_sha256"] is None else row["agent_sha256"] != "10"
    assert section_of(chapter, rows).tables[0].rows()[0][-1] == "1 training cut short by the time limit"
