"""``t2bench rejudge`` finds whatever in a store is not what the judge says, and changes nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.store.row import Row
from benchmarks.store.solution_blob import pack_solution, unpack_solution
from problems.certificates.bound import certified_bound
from t2bench.cli.main import main
from tests.benchmarks.stores import changed, filled, rows_of, tampered
from tests.places import HOSTILE


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Two instances by proofs of three kinds and none, broken rules of several kinds, and cells without an answer."""
    names = ("Exits", "Refuses", "ReturnsNan", "BreaksRules", "StreamsThenHangs", "BoundOnly")
    hostile = [SolverEntry(name=f"{HOSTILE}:{name}", label=name) for name in names]
    own = [SolverEntry(name=name) for name in ("lagrangian", "exhaustive", "branch-and-bound", "none")]
    return [*rows_of(*own), *rows_of(*hostile, time_limit_s=0.5)]


@pytest.fixture
def store(tmp_path: Path, rows: list[Row]) -> Path:
    return filled(tmp_path / "s.sqlite", rows)


def judged(store: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str], str]:
    """Exit code, the lines on cells and the summary."""
    code = main(["rejudge", str(store)])
    captured = capsys.readouterr()
    assert captured.err == ""
    lines = captured.out.splitlines()
    return code, lines[:-3], "\n".join(lines[-3:])


def test_what_a_run_stored_is_what_the_judge_says(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = store.read_bytes()
    code, lines, summary = judged(store, capsys)
    assert (code, lines) == (0, [])
    counts, differences, bounds = summary.splitlines()
    assert counts == f"{store}: 20 cells: 14 with a solution, 6 without"
    assert differences == "0 differ by more than 1e-09 relative, 0 cannot be read"
    found = re.fullmatch(r"4 bounds recomputed from prices: (\d) reach the stored one, (\d) lie below it", bounds)
    assert found
    assert int(found[1]) + int(found[2]) == 4
    assert store.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("cost = cost * (1 + 1e-8)", "cost: stored "),
        ("cost = NULL", "cost: stored None, judged "),
        ("mean_tv = mean_tv + 1", "mean_tv: stored "),
        ("active_requests = active_requests + 1", "active_requests: stored "),
        ('violations = \'[{"rule": "steps.budget", "place": "steps[0][0]"}]\'', "violations: stored steps.budget"),
        ("violations = 'none'", "violations: not a JSON list of violations"),
        ("violations = '[1]'", "violations: not a JSON list of violations"),
        ("status = 'optimal'", "does not prove the cost"),
        ("proved = 1", "proved: stored True, judged False"),
        ("lower_bound = lower_bound * 1.5", "above the cost"),
        ("lower_bound = NULL", "lower_bound: stored None, in the solution "),
        ("solution = NULL", "but no solution"),
    ],
)
def test_what_was_changed_is_named(store: Path, capsys: pytest.CaptureFixture[str], change: str, words: str) -> None:
    label = "none" if change in ("status = 'optimal'", "proved = 1") else "lagrangian"
    tampered(store, f"UPDATE cells SET {change} WHERE label = ?", label)
    code, lines, summary = judged(store, capsys)
    assert code == 1
    assert sum(words in line for line in lines) == 2
    assert all(
        re.match(rf"differs: {label} on tiny-s0-t[01], repetition 0 \(cell \w{{12}}\): ", line) for line in lines
    )
    assert "2 differ by more than 1e-09 relative, 0 cannot be read" in summary


def test_a_change_within_the_tolerance_is_none(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tampered(store, "UPDATE cells SET cost = cost * (1 + 1e-10) WHERE label = 'lagrangian'")
    assert judged(store, capsys)[:2] == (0, [])


def test_an_infeasible_solution_is_not_an_answer(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tampered(store, "UPDATE cells SET status = 'feasible' WHERE label = 'BreaksRules'")
    code, lines, _ = judged(store, capsys)
    assert code == 1
    assert all("status: stored 'feasible', but the solution breaks " in line for line in lines)
    assert len(lines) == 2


def test_other_decisions_do_not_pass(tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    (row, *_) = (row for row in rows if row.cell["label"] == "exhaustive")
    solution = unpack_solution(row.cell["solution"])
    emptied = pack_solution(replace(solution, bandwidth=solution.bandwidth * 0.5))
    store = filled(tmp_path / "s.sqlite", [changed(row, solution=emptied)])
    code, lines, _ = judged(store, capsys)
    assert code == 1
    assert any(": cost: stored " in line for line in lines)


def test_a_bound_that_its_prices_prove_in_full_is_counted_apart(
    tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]
) -> None:
    (row, *_) = (row for row in rows if row.cell["label"] == "lagrangian")
    solution = unpack_solution(row.cell["solution"])
    assert solution.prices is not None
    bound = 0.9 * certified_bound(row.recipe.instance(), solution.prices)
    columns = {"lower_bound": bound, "proved": False, "status": "feasible"}
    lower = pack_solution(replace(solution, lower_bound=bound))
    store = filled(tmp_path / "s.sqlite", [changed(row, solution=lower, **columns)])
    code, lines, summary = judged(store, capsys)
    assert (code, lines) == (0, [])
    assert "1 bounds recomputed from prices: 1 reach the stored one, 0 lie below it" in summary


@pytest.mark.parametrize("incumbent", [False, True])
def test_the_prices_of_a_killed_cell_are_there_to_be_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], incumbent: bool
) -> None:
    asked = SolverEntry(name=f"{HOSTILE}:StreamsPricesThenHangs", settings={"incumbent": incumbent})
    (row,) = rows_of(asked, trace_seeds=(0,), time_limit_s=0.3)
    assert row.status == "timeout"
    assert (row.cell["solution"] is not None) == (row.cell["prices"] is None) == incumbent
    store = filled(tmp_path / "s.sqlite", [row])
    code, lines, summary = judged(store, capsys)
    assert (code, lines) == (0, [])
    assert "1 bounds recomputed from prices: 1 reach the stored one, 0 lie below it" in summary
    if not incumbent:
        tampered(store, "UPDATE cells SET prices = substr(prices, 1, 99)")
        assert "unreadable: " in judged(store, capsys)[1][0]


def test_false_prices_do_not_pass(tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    (row, *_) = (row for row in rows if row.cell["label"] == "lagrangian")
    solution = unpack_solution(row.cell["solution"])
    assert solution.prices is not None
    negative = replace(solution, prices=replace(solution.prices, steps=solution.prices.steps - 1))
    store = filled(tmp_path / "s.sqlite", [changed(row, solution=pack_solution(negative))])
    code, lines, _ = judged(store, capsys)
    assert code == 1
    assert [line.split("): ")[1].split(":")[0] for line in lines] == ["prices.steps[0][0]"]


@pytest.mark.parametrize("blob", [b"", b"something", "half", "header alone", "claims of another type"])
def test_an_unreadable_solution_is_a_line_and_the_others_are_judged(
    store: Path, rows: list[Row], capsys: pytest.CaptureFixture[str], blob: bytes | str
) -> None:
    (whole, *_) = (row.cell["solution"] for row in rows if row.cell["label"] == "exhaustive")
    made = {
        "half": whole[: len(whole) // 2],
        "header alone": _without_arrays(),
        "claims of another type": _with_text(whole),
    }
    content = made[blob] if isinstance(blob, str) else blob
    tampered(store, "UPDATE cells SET solution = ? WHERE label = 'exhaustive'", content)
    code, lines, summary = judged(store, capsys)
    assert code == 1
    assert len(lines) == 2
    words = "must be real number" if blob == "claims of another type" else "not a "
    assert all(
        line.startswith("unreadable: exhaustive on tiny-s0-t") and f"): solution: {words}" in line for line in lines
    )
    assert "0 differ by more than 1e-09 relative, 2 cannot be read" in summary
    assert "20 cells: 14 with a solution" in summary


def _without_arrays() -> bytes:
    from problems.io.npz import to_npz

    return to_npz(json.dumps({"status": "optimal"}), {})


def _with_text(content: bytes) -> bytes:
    claims: Any = {"lower_bound": "high"}
    return pack_solution(replace(unpack_solution(content), **claims))


@pytest.mark.parametrize("how", ["truncated", "another", "gone"])
def test_an_unreadable_instance_is_a_line_a_cell(store: Path, capsys: pytest.CaptureFixture[str], how: str) -> None:
    statement = {
        "truncated": "UPDATE instances SET document = substr(document, 1, 50) WHERE name = 'tiny-s0-t0'",
        "another": "UPDATE instances SET document = (SELECT document FROM instances WHERE name = 'tiny-s0-t1')",
        "gone": "DELETE FROM instances WHERE name = 'tiny-s0-t0'",
    }
    tampered(store, statement[how])
    code, lines, summary = judged(store, capsys)
    assert code == 1
    assert len(lines) == 10
    assert all(line.startswith("unreadable: ") and "): instance: " in line for line in lines)
    assert "0 differ by more than 1e-09 relative, 10 cannot be read" in summary
