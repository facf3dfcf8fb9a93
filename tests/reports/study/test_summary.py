"""Means over solvers: what stands behind them, and in which order."""

from __future__ import annotations

import pandas as pd
import pytest

from reports.study.study import study_of
from reports.study.summary import ALL, widest
from tests.reports.cells import cell, study_from


def test_failing_on_hard_instances_does_not_pay() -> None:
    rows = [cell("exact", name, 2.0, lower_bound=2.0, exact=True) for name in ("easy", "hard")]
    rows += [cell("honest", "easy", 2.02), cell("honest", "hard", 2.4)]
    rows += [cell("picky", "easy", 2.01), cell("picky", "hard", None, status="crash")]
    summary = widest(study_from(rows).summary)
    assert summary["label"].tolist() == ["exact", "honest", "picky"]
    assert summary["complete"].tolist() == [True, True, False]
    assert summary["solved"].tolist() == [2, 2, 1]
    assert summary["cells"].tolist() == [2, 2, 2]
    assert summary["statuses"].tolist() == ["", "", "1 crash"]


def test_running_on_fewer_instances_is_incomplete_too() -> None:
    rows = [cell("all", "i", 2.0), cell("all", "j", 2.0, family="paper"), cell("one", "i", 2.0)]
    summary = study_from(rows).summary
    overall = summary[summary["scope"] == ALL].set_index("label")
    assert overall["complete"].to_dict() == {"all": True, "one": False}
    assert summary[summary["scope"] == "small"].set_index("label")["complete"].to_dict() == {"all": True, "one": True}


def test_every_instance_weighs_the_same_whatever_its_repetitions() -> None:
    rows = [cell("exact", name, 1.0, lower_bound=1.0) for name in ("i", "j")]
    rows += [cell("a", "i", cost, repetition=n) for n, cost in enumerate((1.1, 1.2, 1.3))] + [cell("a", "j", 1.4)]
    summary = widest(study_from(rows).summary).set_index("label")
    assert summary.loc["a", "gap_low"] == pytest.approx(0.3)
    assert summary.loc["a", "worst_low"] == pytest.approx(0.4)
    assert summary.loc["a", "cells"] == 4
    assert summary.loc["a", "instances"] == 2


def test_a_mean_without_bound_has_no_upper_end() -> None:
    rows = [cell("a", "i", 2.0, lower_bound=2.0), cell("a", "j", 2.0)]
    summary = widest(study_from(rows).summary)
    assert summary["gap_low"].tolist() == [0.0]
    assert summary["gap_high"].tolist() == [float("inf")]


def test_an_answer_at_a_limit_is_named() -> None:
    rows = [cell("a", "i", 2.0, status="timeout"), cell("a", "j", None, status="timeout"), cell("a", "k", 2.0)]
    summary = widest(study_from(rows).summary)
    assert summary["statuses"].tolist() == ["1 timeout with an answer, 1 timeout"]


def test_every_solver_stands_in_every_scope_in_which_it_has_cells(busy: pd.DataFrame) -> None:
    summary = study_of(busy).summary
    for scope, cells in [(ALL, busy), *busy.groupby("family")]:
        assert set(summary.loc[summary["scope"] == scope, "label"]) == set(cells["label"])
    assert summary.loc[summary["scope"] == ALL, "cells"].sum() == len(busy)


def test_captured_gain_is_pooled_over_instances() -> None:
    rows = []
    for name, cloud, best, half in (("much", 4.0, 2.0, 3.0), ("little", 2.02, 2.0, 2.04)):
        rows += [cell("none", name, cloud), cell("exact", name, best, lower_bound=best, exact=True)]
        rows.append(cell("half", name, half))
    summary = widest(study_from(rows).summary).set_index("label")
    assert summary.loc["half", "captured_low"] == pytest.approx((1.0 - 0.02) / 2.02)
    assert summary.loc["exact", "captured_low"] == pytest.approx(1.0)
    assert summary.loc["none", "captured_low"] == pytest.approx(0.0)
