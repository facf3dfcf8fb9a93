"""Why cells have no answer, and how to repeat them."""

from __future__ import annotations

from reports.study.failures import failures, not_tried
from tests.reports.cells import cell, study_from


def test_failures_say_why_and_how_to_repeat_them() -> None:
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
    study = study_from(rows)
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
