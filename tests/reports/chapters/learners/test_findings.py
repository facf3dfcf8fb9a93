"""Sentences of learners: they follow from the intervals."""

from __future__ import annotations

from reports.chapters.learners.chapter import chapter
from reports.chapters.learners.findings import headline
from reports.chapters.learners.measure import contests_of
from tests.reports.cells import Row, study_from
from tests.reports.chapters.overview.tiers import rows_of_tiers, several
from tests.reports.sections import section_of


def test_the_words_follow_from_the_intervals(trained: list[Row]) -> None:
    sentences = section_of(chapter, trained).findings
    assert sentences[0].startswith("small, the cheapest first: “exhaustive” < “")
    assert "≈" in sentences[0]
    assert sentences[0].count("< “static+genetic”;") == 1
    (place,) = (sentence for sentence in sentences if sentence.startswith("small: “t2drl” costs "))
    assert place.endswith("ahead of “static+genetic”; not told apart from “ddqn”; behind “exhaustive”.")
    assert len(sentences) == 3


def test_the_headline_names_the_best_learner_and_leads_to_its_row() -> None:
    reference = several("online-optimal", 2.01, solver="online-optimal", tier="online-model-based")
    learners = [
        row
        for label, cost in (("good", 2.0301), ("bad", 2.5))
        for row in several(label, cost, tier="online-model-free", agent_sha256=label, training_cpu_s=9.0)
    ]
    first = headline(contests_of(study_from([*rows_of_tiers(), *reference, *learners])))
    assert first is not None
    text = "".join(part.text for part in first).replace("\u00a0", " ")
    assert "Learning: on small “good” costs 1.00 % more than “online-optimal” (95 % interval" in text
    assert first[1].anchor == "learners-1-row-5"


def test_without_a_learner_there_is_no_headline() -> None:
    assert headline(contests_of(study_from(rows_of_tiers()))) is None
