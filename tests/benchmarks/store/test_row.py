"""What a learner has cost stands in its row, whatever becomes of the solve."""

from __future__ import annotations

from pathlib import Path

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.store.store import Store
from tests.benchmarks.stores import filled, rows_of
from tests.places import HOSTILE

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
