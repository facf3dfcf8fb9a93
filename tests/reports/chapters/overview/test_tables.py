"""How figures and tables are written."""

from __future__ import annotations

import io
import math

import pandas as pd
import pytest

from reports.chapters.overview.tables import tables_of
from reports.study.failures import failures, not_tried
from reports.study.study import study_of
from reports.study.summary import ALL, summarise
from reports.writing.numbers import fixed, gap_percent, percent_interval, significant
from reports.writing.table import Column, Table, csv_text, markdown
from tests.reports.conftest import MakeCell


@pytest.mark.parametrize(
    ("gap", "text"),
    [(0.0, "0"), (1e-6, "0"), (2e-6, "<0.001"), (1e-5, "0.001"), (0.00214, "0.214"), (0.1234, "12.34")],
)
def test_a_gap_is_written_0_only_within_the_tolerance(gap: float, text: str) -> None:
    assert gap_percent(gap) == text


def test_intervals() -> None:
    assert percent_interval(0.01, 0.02) == "1.00 to 2.00"
    assert percent_interval(0.01, 0.01) == "1.00"
    assert percent_interval(0.01, math.inf) == "≥ 1.00"
    assert percent_interval(0.0, math.inf) == "unknown"
    assert [fixed(value, 2) for value in (-0.001, 0.0, -0.006, 1.005)] == ["0.00", "0.00", "-0.01", "1.00"]
    assert percent_interval(math.nan, math.nan) == "–"


@pytest.mark.parametrize(("value", "text"), [(0.01234, "0.0123"), (1.234, "1.23"), (1234.5, "1234"), (math.nan, "–")])
def test_significant_digits(value: float, text: str) -> None:
    assert significant(value) == text


def test_markdown_cells_stay_cells_whatever_they_hold() -> None:
    data = pd.DataFrame({"a": ["x|y", "<b>\n*c*"], "b": ["echo `a` | b", ""]})
    columns = (Column("a", lambda r: r.a), Column("b", lambda r: r.b, "code"))
    lines = markdown(Table("t", "t", "", data, columns)).splitlines()
    assert lines[2] == r"| x\|y | ``echo `a` \| b`` |"
    assert lines[3] == r"| \<b\> \*c\* |  |"


def test_the_solver_tables_hold_every_solver_and_mark_incomplete_means(busy: pd.DataFrame) -> None:
    study = study_of(busy)
    tables = tables_of(study, summarise(study)).solvers
    assert [table.title for table in tables] == ["Solvers", "Solvers on tiny", "Solvers on small", "Solvers on drift"]
    overall = {row[0]: row for row in tables[0].rows()}
    assert overall.keys() == set(busy["label"])
    gap = [column.heading for column in tables[0].columns].index("mean gap, %")
    assert overall["lfu"][gap].endswith("†")
    assert not overall["static"][gap].endswith("†")
    assert "†" in tables[0].caption
    assert "†" not in tables[2].caption


def test_csv_reads_back_to_the_same_numbers(busy: pd.DataFrame) -> None:
    summary = summarise(study_of(busy))
    again = pd.read_csv(io.StringIO(csv_text(summary)))
    assert again["gap_low"].tolist() == pytest.approx(summary["gap_low"].tolist(), rel=0, abs=0, nan_ok=True)
    assert set(again["scope"]) == {ALL, "tiny", "small", "drift"}


def test_failures_say_why_and_how_to_repeat_them(cell: MakeCell) -> None:
    violation = '[{"rule": "cache.capacity", "message": "cache[0] holds 2 GB more"}, {"rule": "more", "message": "x"}]'
    rows = [
        cell("ok", "i", 2.0),
        cell(
            "crash",
            "i",
            None,
            status="crash",
            error="ended with exit code 3",
            stderr_tail="last words\n\nExtension modules: a, b\n",
        ),
        cell("cut", "i", None, status="timeout", error="killed at 20 s", stderr_tail="progress"),
        cell("wrong", "i", 1.0, status="invalid", violations=violation),
        cell("bounder", "i", None, status="bound-only", lower_bound=1.0),
        cell("mute", "i", None, status="error"),
        cell("wordy", "i", None, status="error", error="word " * 100),
        cell("absent", "i", None, status="not-installed", error="pip install absent"),
        cell("absent", "j", None, status="not-installed", error="pip install absent"),
    ]
    study = study_of(pd.DataFrame(rows))
    table = failures(study).set_index("label")
    assert table["reason"].to_dict() == {
        "crash": "ended with exit code 3; last words",
        "cut": "killed at 20 s",
        "wrong": "cache[0] holds 2 GB more (and 1 more)",
        "bounder": "a bound, no solution",
        "mute": "error",
        "wordy": ("word " * 100)[:239] + "…",
    }
    assert table["command"]["crash"] == "t2bench solve i.json --solver crash"
    assert not_tried(study)[["label", "reason", "cells"]].to_numpy().tolist() == [["absent", "pip install absent", 2]]
