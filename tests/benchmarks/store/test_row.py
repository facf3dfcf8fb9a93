"""What a cell was asked, and what a learner has cost, stands in its row, whatever becomes of the solve."""

from __future__ import annotations

from pathlib import Path

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.process.outcome import answered_at_limit
from benchmarks.store.store import Store
from tests.benchmarks.cells import BURNT, CPU_LIMIT_S
from tests.benchmarks.stores import filled, rows_of
from tests.places import BURNERS, HOSTILE

COLUMNS = (
    *("agent_sha256", "training_cpu_s", "environment_steps", "updates", "training_whole"),
    *("training_traces", "training_spent_s", "learning_curves"),
)


def test_the_costs_of_all_agents_survive_a_kill(tmp_path: Path) -> None:
    rows = rows_of(SolverEntry(name=f"{HOSTILE}:LearnsThenHangs"), trace_seeds=(0,), time_limit_s=0.3)
    rows += rows_of(SolverEntry(name="none"), trace_seeds=(0,))
    with Store.open(filled(tmp_path / "s.sqlite", rows)) as store:
        killed, other = sorted(store.records("status", *COLUMNS), key=lambda row: str(row["status"]), reverse=True)
    assert killed == {
        "status": "timeout",
        "agent_sha256": f"{'a' * 64}+{'b' * 64}",
        "training_cpu_s": 12.5,
        "environment_steps": 3_000_000_064,
        "updates": 507,
        "training_whole": False,
        "training_traces": f"{'c' * 64}+{'d' * 64}",
        "training_spent_s": 0.75,
        "learning_curves": '[null, {"learner": "t2drl", "planned_steps": 64, '
        '"points": [[0, 0, 0.5, 9.0, 3.0], [64, 7, 2.5, 1.25, 0.5]], "validation_cpu_s": 0.2}]',
    }
    assert other == {"status": "feasible", **dict.fromkeys(COLUMNS)}


def test_the_limit_stands_in_the_row_and_in_its_command(tmp_path: Path) -> None:
    burner = SolverEntry(name=f"{BURNERS}:Burns", cpu_limit_s=CPU_LIMIT_S)
    rows = rows_of(burner, SolverEntry(name="none"), trace_seeds=(0,), cpu_limit_s=50.0, time_limit_s=300.0)
    with Store.open(filled(tmp_path / "s.sqlite", rows)) as store:
        other, burnt = sorted(
            store.records("status", "cost", "error", "cpu_limit_s", "command"), key=lambda row: str(row["status"])
        )
    assert (other["status"], other["cpu_limit_s"]) == ("feasible", 50.0)
    assert burnt["cpu_limit_s"] == CPU_LIMIT_S
    assert answered_at_limit(burnt["status"], burnt["cost"])
    assert BURNT in burnt["error"]
    assert " --cpu-limit 50 " in other["command"]
    assert " --cpu-limit 0.7 " in burnt["command"]
