"""The order of cells: no learner waits for an agent that another cell trains."""

from __future__ import annotations

import pytest

from benchmarks.engine.schedule import Schedule
from benchmarks.matrix.cell import Cell
from benchmarks.matrix.matrix import Matrix


def cells_of(*solvers: str | dict[str, object], **changed: object) -> list[Cell]:
    content = {
        "format": "t2bench-matrix",
        "version": 1,
        "name": "turns",
        "solvers": [{"name": one} if isinstance(one, str) else one for one in solvers],
        "families": [{"family": "tiny"}],
        "trace_seeds": "0-1",
        **changed,
    }
    return Matrix.model_validate(content).cells()


def taken(schedule: Schedule) -> list[tuple[str, str]]:
    """Label and instance of all cells that may start now."""
    started = []
    while cell := schedule.next():
        started.append((cell.label, cell.recipe.instance().name))
    return started


def test_without_learners_the_order_stays() -> None:
    cells = cells_of("none", "lru+equal", "exhaustive")
    schedule = Schedule(cells)
    assert [schedule.next() for _ in cells] == cells
    assert schedule.next() is None
    assert not schedule


def test_the_learners_of_a_scenario_train_one_at_a_time_and_the_others_go_ahead() -> None:
    cells = cells_of("t2drl", "ddqn+exact", "none", scenario_seeds="0-1")
    schedule = Schedule(cells)
    plain = [("none", f"tiny-s{s}-t{t}") for s in (0, 1) for t in (0, 1)]
    assert taken(schedule) == [("t2drl", "tiny-s0-t0"), plain[0], plain[1], ("t2drl", "tiny-s1-t0"), plain[2], plain[3]]
    schedule.ended(cells[0])
    assert taken(schedule) == [("ddqn+exact", "tiny-s0-t0"), ("t2drl", "tiny-s0-t1")]
    schedule.ended(cells[1])
    assert taken(schedule) == [("ddqn+exact", "tiny-s0-t1")]
    assert len(schedule) == 3


@pytest.mark.parametrize("changed", [{"repetitions": 2}, {"families": [{"family": "tiny"}, {"family": "small"}]}])
def test_other_seeds_and_scenarios_are_trained_side_by_side(changed: dict[str, object]) -> None:
    schedule = Schedule(cells_of("t2drl", **{"trace_seeds": [0], **changed}))
    assert len(taken(schedule)) == 2


def test_another_setting_is_another_agent() -> None:
    chains: list[dict[str, object]] = [{"name": "t2drl", "settings": {"chain": chain}} for chain in (1, 2)]
    cells = cells_of(*chains, trace_seeds=[0])
    schedule = Schedule(cells)
    assert schedule.next() is cells[0]
    assert schedule.next() is None
    schedule.ended(cells[0])
    assert schedule.next() is cells[1]


def test_a_learner_of_a_pair_counts_and_a_file_is_not_loaded() -> None:
    assert len(taken(Schedule(cells_of("static+d3pg")))) == 1
    assert len(taken(Schedule(cells_of("no-such-file.py:Learner")))) == 2
