"""Where and how often cells were measured, in words."""

from __future__ import annotations

from reports.study.machines import measured
from tests.reports.cells import cell, study_from


def test_captions_name_machines_and_numbers_of_seeds() -> None:
    rows = [cell("a", "i", 2.0), cell("a", "j", 2.0)]
    assert measured(study_from(rows)) == "Solvers ran with 1 seed each, on Example CPU (2 cores)."
    rows += [cell("t2drl", "i", 2.0, seed=seed, repetition=seed, processor="Other CPU") for seed in range(3)]
    assert measured(study_from(rows)) == (
        "Solvers ran with 1 to 3 seeds, on Example CPU (2 cores) and Other CPU (2 cores)."
    )
