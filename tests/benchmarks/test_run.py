"""``t2bench run`` as a user meets it: nothing lost, nothing done twice, nothing left behind."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.engine import LocalEngine
from benchmarks.matrix_file import read_matrix
from benchmarks.store import Store
from tests.benchmarks.runs import finish, hostile, nothing_is_left, start, started_by, write_matrix

EXPECTED = {
    "Polite": "feasible",
    "none+equal": "feasible",
    "Raises": "error",
    "Exits": "crash",
    "Segfaults": "crash",
    "Sleeps": "timeout",
    "IgnoresSignals": "timeout",
    "LeavesFiles": "timeout",
    "Allocates": "memory",
    "AsksForTooMuch": "memory",
    "ReturnsNan": "invalid",
    "WrongShape": "invalid",
    "FalseOptimum": "invalid",
    "FalseBound": "invalid",
    "StreamsThenHangs": "timeout",
    "BoundOnly": "bound-only",
    "Refuses": "skipped",
    "Missing": "not-installed",
}
SETTINGS: dict[str, dict[str, Any]] = {"FalseOptimum": {"status": "optimal"}, "FalseBound": {"bound_share": 1.1}}


def test_every_kind_of_end_has_its_row_and_the_rest_is_done(tmp_path: Path) -> None:
    def entry(label: str) -> Any:
        claims = SETTINGS.get(label)
        if claims is not None:
            return {**hostile("Claims", **claims), "label": label}
        return label if "+" in label else hostile(label)

    write_matrix(tmp_path, solvers=[entry(label) for label in EXPECTED], time_limit_s=0.5, memory_limit_gb=0.5)
    code, out, err = finish(start(tmp_path, "trial.yaml", "--jobs", 2))
    with Store.open(tmp_path / "trial.sqlite") as store:
        rows = store.rows()
    assert dict(zip(rows["label"], rows["status"], strict=True)) == EXPECTED
    assert code == 1
    failed = [line.split()[1] for line in out.splitlines() if line.startswith("failed: ")]
    assert set(failed) == {
        label
        for label, status in EXPECTED.items()
        if status in ("error", "crash", "timeout", "memory", "invalid", "infeasible-claim")
    } - {"StreamsThenHangs", "Allocates"}
    assert "at a limit: StreamsThenHangs on tiny-s0-t0, repetition 0: timeout with an answer: " in out
    assert "at a limit: Allocates on tiny-s0-t0, repetition 0: memory with an answer: " in out
    assert f"trial.sqlite: {len(EXPECTED)} cells: " in out
    assert f"{len(EXPECTED)}/{len(EXPECTED)} cells, {len(failed)} failed, 2 skipped" in err
    assert nothing_is_left(tmp_path)


def test_a_bound_that_another_cells_cost_contradicts_is_named(tmp_path: Path) -> None:
    """Each of the two cells is consistent in itself; the bound lies below its own cost, but above the optimum."""
    write_matrix(tmp_path, solvers=[hostile("Claims", bound_share=0.999), "exhaustive"])
    code, out, _ = finish(start(tmp_path, "trial.yaml"))
    with Store.open(tmp_path / "trial.sqlite") as store:
        rows = store.rows().set_index("label")
    assert set(rows["status"]) == {"feasible", "optimal"}
    bound, cost = float(rows.loc["Claims", "lower_bound"]), float(rows.loc["exhaustive", "cost"])
    assert bound > cost
    assert code == 1
    assert (
        f"contradiction: Claims states that no solution of tiny-s0-t0 costs less than {bound!r}; "
        f"exhaustive found one that costs {cost!r}"
    ) in out


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    """SIGKILL at random moments: in the end every cell has one row, and no finished one was run again."""
    diary = tmp_path / "diary"
    diary.touch()
    solver = hostile("Slow", seconds=0.05, diary=str(diary))
    matrix = write_matrix(tmp_path, solvers=[solver], repetitions=12, trace_seeds="0-1")
    moments = random.Random(4)
    for _ in range(2):
        process = start(tmp_path, matrix, "--resume", "--jobs", 2)
        end = time.monotonic() + 30
        ran = len(diary.read_text().splitlines())
        while len(diary.read_text().splitlines()) < ran + 5 and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 0.2))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert nothing_is_left(tmp_path)
    with Store.open(tmp_path / "trial.sqlite") as store:
        before = store.rows()
    started_before = Counter(line.rsplit(" ", 1)[0] for line in diary.read_text().splitlines())
    assert 0 < len(before) < 24
    assert finish(start(tmp_path, matrix, "--resume"))[0] == 0
    with Store.open(tmp_path / "trial.sqlite") as store:
        after = store.rows()
    assert len(after) == len(set(after["cell_id"])) == 24
    kept = after[after["cell_id"].isin(before["cell_id"])].reset_index(drop=True)
    assert kept.equals(before)
    started = Counter(line.rsplit(" ", 1)[0] for line in diary.read_text().splitlines())
    for instance, seed in zip(before["instance"], before["seed"], strict=True):
        assert started[f"{instance} {seed}"] == started_before[f"{instance} {seed}"]


def test_an_interrupted_run_keeps_its_rows_and_leaves_nothing(tmp_path: Path) -> None:
    write_matrix(tmp_path, solvers=["none+equal", hostile("Sleeps"), hostile("LeavesFiles")])
    process = start(tmp_path, "trial.yaml", "--jobs", 3)
    store = tmp_path / "trial.sqlite"
    end = time.monotonic() + 30
    while not (store.exists() and len(started_by(tmp_path)) >= 4) and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    code, out, err = finish(process)
    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == "t2bench: interrupted; what was finished is kept, --resume runs the rest"
    assert "Traceback" not in err
    with Store.open(store) as opened:
        assert list(opened.rows()["label"]) == ["none+equal"]
    assert nothing_is_left(tmp_path)


def test_cells_are_not_run_twice_unless_by_mistake(tmp_path: Path) -> None:
    write_matrix(tmp_path, solvers=["none+equal"])
    assert finish(start(tmp_path, "trial.yaml"))[0] == 0
    code, out, err = finish(start(tmp_path, "trial.yaml"))
    assert (code, out) == (2, "")
    assert err == (
        "t2bench: trial.sqlite: holds 1 of these 1 cells already; "
        "add --resume to run the others, or name another --store\n"
    )
    assert finish(start(tmp_path, "trial.yaml", "--resume"))[0] == 0


def test_a_dry_run_lists_the_cells_and_makes_nothing(tmp_path: Path) -> None:
    write_matrix(tmp_path, solvers=["none+equal"], repetitions=2, time_limit_s=30)
    code, out, err = finish(start(tmp_path, "trial.yaml", "--dry-run", "--jobs", 1))
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "none+equal\ttiny-s0-t0\tseed 0",
        "none+equal\ttiny-s0-t0\tseed 1",
        "2 cells; at most 1 min with 1 at once",
    ]
    assert not list(tmp_path.glob("*.sqlite*"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no.yaml"], "t2bench: no.yaml: cannot be read: no such file or directory"),
        (["trial.yaml", "--store", "no/such.sqlite"], "no/such.sqlite: cannot be opened: unable to open database file"),
        (["trial.yaml", "--jobs", "0"], "argument --jobs: 0; must be a whole number >= 1"),
        (["trial.yaml", "--solvers", "nobody"], "t2bench: --solvers: 'nobody'; must be among the matrix's: none+equal"),
        (["trial.yaml", "--solvers", "none+equl"], "; did you mean 'none+equal'?"),
        (["trial.yaml", "--solvers", ""], "t2bench: --solvers: ''; must be among the matrix's: none+equal"),
        (["trial.yaml", "--families", "tiny,vast"], "t2bench: --families: 'vast'; must be among the matrix's: tiny"),
        (["trial.yaml", "--rerun", "some"], "argument --rerun: invalid choice: 'some'"),
        (["trial.yaml", "--engine", "cluster"], "argument --engine: invalid choice: 'cluster'"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    write_matrix(tmp_path, solvers=["none+equal"])
    code, out, err = finish(start(tmp_path, *arguments))
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_an_engine_gives_one_row_a_cell_and_the_same_costs_however_many_run_at_once(tmp_path: Path) -> None:
    matrix = read_matrix(write_matrix(tmp_path, solvers=["random+equal", "none+equal"], trace_seeds="0-4"))
    costs = []
    for jobs in (1, 3):
        rows = list(LocalEngine(jobs).run(matrix.cells()))
        assert {row.cell["cell_id"] for row in rows} == {cell.cell_id for cell in matrix.cells()}
        costs.append({row.cell["cell_id"]: row.cell["cost"] for row in rows})
    assert costs[0] == costs[1]


def test_the_overhead_of_a_cell_is_small(tmp_path: Path) -> None:
    """Typically 20 ms; the bound leaves room for a machine that does other things."""
    matrix = read_matrix(write_matrix(tmp_path, solvers=["none+equal"], repetitions=20))
    rows = [row.cell for row in LocalEngine(1).run(matrix.cells())]
    overheads = sorted(row["wall_s"] - row["solve_s"] for row in rows)
    assert overheads[len(overheads) // 2] < 0.25
