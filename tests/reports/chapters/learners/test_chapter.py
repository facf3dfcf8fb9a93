"""The chapter Learners: there for trained solvers alone, sure or not sure."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from reports.chapters.learners.chapter import chapter
from reports.study.study import study_of
from t2bench.cli.main import main
from tests.reports.cells import Row
from tests.reports.chapters.learners.trainings import cells, exactly
from tests.reports.sections import check_alike, section_of


def test_without_a_trained_solver_there_is_no_chapter(busy: pd.DataFrame) -> None:
    assert chapter(study_of(busy)).section is None
    assert chapter(study_of(pd.DataFrame(cells("random", exactly(1.0), seeds=3)))).section is None


def test_without_the_reference_nothing_is_measured() -> None:
    found = section_of(chapter, cells("t2drl", exactly(1.0), taught=True))
    assert found.findings == [
        "small: no complete answer of “online-optimal”, so there is nothing to measure learners against."
    ]
    assert found.figure is None
    assert not found.tables


def test_all_pairs_with_a_learner_are_listed_and_the_order_of_the_rows_does_not_matter(trained: list[Row]) -> None:
    section = section_of(chapter, trained)
    check_alike(section, section_of(chapter, trained[::-1]))
    pairs = pd.concat([table.data for table in section.long_tables])
    assert set(zip(pairs["label"], pairs["other"], strict=True)) == {
        (learner, other)
        for learner in ("t2drl", "ddqn")
        for other in ("t2drl", "ddqn", "exhaustive", "static+genetic")
        if learner != other
    }


@pytest.mark.slow
def test_a_matrix_of_learners_is_run_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("T2BENCH_CACHE", str(tmp_path / "agents"))
    learner = {"name": "t2drl", "label": "t2drl", "settings": {"train_steps": 20}, "repetitions": 2}
    matrix = {"format": "t2bench-matrix", "version": 1, "name": "taught", "families": ["tiny"], "trace_seeds": "20-21"}
    matrix |= {"solvers": ["online-optimal", "random+equal", learner], "time_limit_s": 60}
    Path("taught.yaml").write_text(yaml.safe_dump(matrix))
    assert main(["run", "taught.yaml", "--jobs", "1"]) == 0
    assert main(["report", "taught.sqlite", "-o", "report"]) == 0
    capsys.readouterr()
    table = pd.read_csv("report/tables/learners.csv").set_index("label")
    assert table["learns"].to_dict() == {"t2drl": True, "random+equal": False}
    assert table["seeds"].to_dict() == {"t2drl": 2, "random+equal": 1}
    assert table["training_cpu_s"].notna().to_dict() == table["learns"].to_dict()
    assert table["low"].notna().all()
    agents = pd.read_csv("report/tables/break-even.csv")
    assert (agents["training_cpu_s"] > 0).all()
    assert (agents["slot_s"] > 0).all()
