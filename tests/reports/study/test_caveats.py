"""What a study cannot say: each limit only where it applies."""

from __future__ import annotations

from reports.study.caveats import caveats
from tests.reports.cells import Row, cell, study_from


def text_of(rows: list[Row]) -> str:
    return " ".join(caveats(study_from(rows)))


def test_names_that_the_figures_font_lacks_are_listed() -> None:
    assert "boxes" not in text_of([cell("größer Ω ≥", "i", 2.0)])
    assert "the SVG and the page show 求解器." in text_of([cell("求解器", "i", 2.0), cell("a", "i", 2.0)])


def test_where_references_come_from() -> None:
    assert "References come" not in text_of([cell("a", "i", 2.0)])
    proved = text_of([cell("a", "i", 2.0, lower_bound=2.0, exact=True)])
    assert "References come from solvers of this study; they" in proved


def test_an_instance_without_an_answer_has_no_gap_to_be_open() -> None:
    assert "without a certified optimum" not in text_of([cell("a", "i", None, status="crash")])


def test_mixed_labels_machines_and_missing_references_are_named() -> None:
    text = text_of([cell("a", "i", 2.0), cell("a", "j", 2.0, settings='{"x":1}', processor="Other CPU")])
    assert "more than one solver or setting: a." in text
    assert "2 different machines" in text
    assert "2 instances without a certified optimum" in text
    assert "2 instances without a complete answer of the cloud alone" in text


def test_a_quiet_study_of_real_demand_has_few_limits() -> None:
    rows = [
        cell(label, "i", cost, family="production", seed=seed, repetition=seed, lower_bound=bound, exact=bool(bound))
        for label, cost, bound in (("none", 3.0, None), ("a", 2.0, 2.0), ("b", 2.0, 2.0))
        for seed in range(2)
    ]
    text = text_of(rows)
    for words in ("synthetic", "run once", "something else to do", "waiting for a processor", "one solver", "Trained"):
        assert words not in text


def test_load_waiting_and_training_with_one_seed_are_said() -> None:
    rows = [
        cell("none", "i", 3.0, load_before=2.5),
        cell("exact", "i", 2.0, lower_bound=2.0, exact=True, stalled_s=0.25),
        cell("t2drl", "i", 2.1, agent_sha256="a", settings='{"train_steps":800}'),
        cell("t2drl", "j", None, family="tiny", status="skipped"),
        cell("none", "j", 2.5, family="tiny"),
    ]
    text = text_of(rows)
    assert "Scenarios of tiny and small are synthetic" in text
    assert "1 cell started while every core" in text
    assert "10\u00a0% of the solve times may have been waiting" in text
    assert "the luck of training is unknown: t2drl." in text
    assert "The optimum of 1 instance rests on the word of one solver." in text
    assert "Not tried on every instance: exact, t2drl;" in text
    assert "2 of 3 solvers ran with default settings" in text
    assert "Every solver had one thread" in text
