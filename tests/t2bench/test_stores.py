"""A store as pandas frames."""

from __future__ import annotations

import pytest

import t2bench
from benchmarks.store.store import Store as Database


def test_rows_have_the_columns_of_the_store_and_their_gaps(store: t2bench.Store) -> None:
    rows = store.rows()
    with Database.open(store.location) as database:
        kept = database.rows()
    assert set(kept.columns) <= set(rows.columns)
    assert sorted(rows["cell_id"]) == sorted(kept["cell_id"])
    assert rows.set_index("cell_id")["code_version"].to_dict() == kept.set_index("cell_id")["code_version"].to_dict()
    gaps = rows.set_index(["label", "trace_seed"])["gap_low"]
    costs = rows.set_index(["label", "trace_seed"])["cost"]
    for seed in range(2):
        assert gaps["best", seed] == 0
        expected = t2bench.optimality_gap(costs["lru", seed], costs["best", seed])
        assert gaps["lru", seed] == pytest.approx(expected)


def test_references_are_the_optima(store: t2bench.Store) -> None:
    references = store.references().set_index("instance_sha256")
    best = store.rows().query("label == 'best'").set_index("instance_sha256")
    assert references["value"].to_dict() == pytest.approx(best["cost"].to_dict())
    assert set(references["source"]) <= {"enumerated", "two provers agree", "proved"}


def test_the_summary_has_the_best_solver_first(store: t2bench.Store) -> None:
    summary = store.summary()
    assert summary["label"].tolist() == ["best", "lru", "none"]
    assert summary["captured_low"].tolist()[0] == 1


def test_answers_and_instances_can_be_taken_out(store: t2bench.Store) -> None:
    row = store.rows().iloc[0]
    instance, solution = store.instance(row["instance_sha256"]), store.solution(row["cell_id"])
    assert solution is not None
    assert t2bench.judge(instance, solution).cost == row["cost"]


def test_a_store_is_opened_by_its_path_or_itself(store: t2bench.Store) -> None:
    assert t2bench.open_store(store.location) == t2bench.open_store(store) == store


def test_what_is_no_store_is_refused() -> None:
    with pytest.raises(t2bench.InputError, match=r"missing\.sqlite"):
        t2bench.open_store("missing.sqlite")
