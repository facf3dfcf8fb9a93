"""The columns of the page's table of cells."""

from __future__ import annotations

import pandas as pd

from reports.page.cells import cell_columns, short_ids, template
from tests.reports.cells import cell, study_from


def test_columns_point_into_solvers_instances_and_texts() -> None:
    rows = [
        cell("a", "i", 2.0, lower_bound=2.0, exact=True),
        cell("b", "i", 2.5, status="timeout"),
        cell("b", "j", None, status="crash", error="boom"),
    ]
    study = study_from(rows)
    data = cell_columns(study, list(study.references), ["a", "b"])
    columns, texts = data["columns"], data["texts"]
    assert data["total"] == 3
    assert columns["solver"] == [0, 1, 1]
    assert columns["instance"] == [0, 0, 1]
    assert columns["cost"] == [2, 2.5, None]
    assert columns["gap_low"] == [0, 0.25, None]
    assert columns["solved"] == [1, 1, 0]
    assert columns["proved"] == [1, 0, 0]
    assert [texts["status"][place] for place in columns["status"]] == ["feasible", "timeout", "crash"]
    assert [texts["reason"][place] for place in columns["reason"]] == ["", "", "boom"]


def test_an_unknown_upper_end_of_a_gap_is_null() -> None:
    study = study_from([cell("a", "i", 2.0)])
    columns = cell_columns(study, list(study.references), ["a"])["columns"]
    assert columns["gap_low"] == [0]
    assert columns["gap_high"] == [None]


def test_ids_are_as_short_as_tells_them_apart() -> None:
    assert list(short_ids(pd.Series(["0123456789ab", "0123456789cd"]))) == ["0123456789ab", "0123456789cd"]
    assert list(short_ids(pd.Series(["0123456789", "1123456789"]))) == ["01234567", "11234567"]


def test_commands_that_differ_in_names_and_seeds_share_a_template() -> None:
    def shared(name: str, scenario: int, trace: int, seed: int) -> str:
        sampled = f"t2bench sample tiny --scenario-seed {scenario} --trace-seed {trace} -o {name}.json"
        command = f"{sampled} && t2bench solve {name}.json --solver lru --seed {seed} -o {name}.solution.json"
        return template(command, name, scenario, trace, seed)

    assert shared("tiny-s0-t3", 0, 3, 0) == shared("tiny-s2-t10", 2, 10, 7)
