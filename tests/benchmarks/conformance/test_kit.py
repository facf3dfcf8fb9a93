"""The whole kit: a conforming solver passes, and one that hangs is given up."""

from __future__ import annotations

import pytest

from benchmarks.conformance import answers as single
from benchmarks.conformance.kit import conforms, examine
from benchmarks.process import watch
from tests.benchmarks.conformance.support import examinee


def test_a_conforming_solver_passes() -> None:
    results = list(examine(examinee("Honest")))
    assert conforms(results)
    verdicts = {result.check: result.verdict for result in results}
    assert verdicts == {
        "answers": "passed",
        "feasible": "passed",
        "claims": "passed",
        "bounds": "not promised",
        "optimum": "not promised",
        "deterministic": "passed",
        "time limit": "passed",
        "changes": "not promised",
    }


def test_who_hangs_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "GRACE_S", 0.1)
    results = list(examine(examinee("Hangs", limit_s=0.2)))
    assert [result.check for result in results] == ["answers", "feasible", "claims", "bounds", "optimum"]
    assert results[0].verdict == "failed"
    assert len(results[0].findings) == single.MOST_KILLS
    assert "given up" in results[0].note
