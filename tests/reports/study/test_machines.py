"""Where and how often cells were measured, in words."""

from __future__ import annotations

import pandas as pd

from reports.study.machines import measured
from reports.study.study import study_of
from tests.reports.conftest import MakeCell


def test_captions_name_machines_and_numbers_of_seeds(cell: MakeCell) -> None:
    rows = [cell("a", "i", 2.0), cell("a", "j", 2.0)]
    assert measured(study_of(pd.DataFrame(rows))) == "Solvers ran with 1 seed each, on Example CPU (2 cores)."
    rows += [cell("t2drl", "i", 2.0, seed=seed, repetition=seed, processor="Other CPU") for seed in range(3)]
    assert measured(study_of(pd.DataFrame(rows))) == (
        "Solvers ran with 1 to 3 seeds, on Example CPU (2 cores) and Other CPU (2 cores)."
    )
