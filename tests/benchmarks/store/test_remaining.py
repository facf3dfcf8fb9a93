"""Cells are run again by how they ended, the right ones, and no row is lost."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmarks.store.store import Store
from t2bench.cli.main import main
from tests.benchmarks.runs import eventually, finish, hostile, nothing_is_left, start, write_matrix
from tests.t2bench.cli.command import t2bench

pytestmark = pytest.mark.usefixtures("quick_kill")

AT_FIRST = {"none+equal": "feasible", "Fickle": "crash", "StreamsThenHangs": "timeout", "Sleeps": "timeout"}


def statuses(folder: Path) -> dict[str, str]:
    with Store.open(folder / "trial.sqlite") as store:
        rows = store.rows()
    assert len(rows) == len(set(rows["label"]))
    return dict(zip(rows["label"], rows["status"], strict=True))


@pytest.fixture(scope="module")
def ended_badly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of ``AT_FIRST``; by now Fickle would answer, and the matrix has another solver."""
    folder = tmp_path_factory.mktemp("ended")
    flag = folder / "flag"
    solvers: list[Any] = ["none+equal", *(hostile(name) for name in list(AT_FIRST)[1:])]
    solvers[1]["settings"] = {"flag": str(flag)}
    write_matrix(folder, solvers=solvers, time_limit_s=0.3)
    assert t2bench("run", "trial.yaml", "--jobs", 2, cwd=folder).returncode == 1
    assert statuses(folder) == AT_FIRST
    flag.touch()
    write_matrix(folder, solvers=[*solvers, "none"], time_limit_s=0.3)
    return folder


@pytest.mark.parametrize(
    ("which", "again"),
    [
        ("failed", {"Fickle", "Sleeps"}),
        ("timeouts", {"StreamsThenHangs", "Sleeps"}),
        ("all", {"none+equal", "Fickle", "StreamsThenHangs", "Sleeps"}),
    ],
)
def test_cells_are_run_again_by_how_they_ended(
    ended_badly: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], which: str, again: set[str]
) -> None:
    """A cell without a row is run as well; every other row stays as it is."""
    for name in ("trial.yaml", "trial.sqlite"):
        shutil.copy(ended_badly / name, tmp_path / name)
    with Store.open(tmp_path / "trial.sqlite") as store:
        before = store.rows().set_index("label")
    words = (tmp_path / "trial.yaml", "--store", tmp_path / "trial.sqlite", "--rerun", which)
    assert main(["run", *map(str, words), "--dry-run"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert {line.split("\t")[0] for line in listed[:-1]} == again | {"none"}
    t2bench("run", *words, "--jobs", 2)
    fickle = "feasible" if "Fickle" in again else "crash"
    assert statuses(tmp_path) == AT_FIRST | {"Fickle": fickle, "none": "feasible"}
    with Store.open(tmp_path / "trial.sqlite") as store:
        after = store.rows().set_index("label")
    for label in AT_FIRST:
        assert (before.loc[label, "started_at"] != after.loc[label, "started_at"]) == (label in again)


def test_only_failed_cells_leave_the_others_and_those_without_a_row_alone(
    tmp_path: Path, ended_badly: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("trial.yaml", "trial.sqlite"):
        shutil.copy(ended_badly / name, tmp_path / name)
    words = (tmp_path / "trial.yaml", "--store", tmp_path / "trial.sqlite", "--only-failed")
    assert main(["run", *map(str, words), "--dry-run"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert {line.split("\t")[0] for line in listed[:-1]} == {"Fickle", "Sleeps"}
    done = t2bench("run", *words, "--solvers", "Fickle")
    assert done.returncode == 0
    assert done.stdout.endswith(": 1 cells: 1 feasible\n")
    assert statuses(tmp_path) == AT_FIRST | {"Fickle": "feasible"}
    assert main(["run", *map(str, words), "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("Sleeps\t")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only-failed"], "trial.sqlite: no such store"),
        (["--only-failed", "--dry-run"], "trial.sqlite: no such store"),
        (["--only-failed", "--resume"], "--only-failed: must stand without --resume and --rerun"),
        (["--only-failed", "--rerun", "failed"], "--only-failed: must stand without --resume and --rerun"),
    ],
)
def test_only_failed_wants_a_store_and_stands_alone(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    write_matrix(tmp_path, solvers=["none"])
    assert main(["run", "trial.yaml", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "trial.sqlite").exists()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_rerun_loses_no_row(tmp_path: Path, how: signal.Signals) -> None:
    """Every cell has its old row or its new one, whenever the run ends."""

    def rows() -> pd.DataFrame:
        with Store.open(tmp_path / "trial.sqlite") as store:
            return store.rows("cell_id", "started_at", "solve_s").set_index("cell_id").sort_index()

    diary = tmp_path / "diary"
    matrix = write_matrix(tmp_path, solvers=[hostile("Tires", answers=8 + 3, diary=str(diary))], repetitions=8)
    assert finish(start(tmp_path, matrix, "--jobs", 2))[0] == 0
    before = rows()
    process = start(tmp_path, matrix, "--rerun", "all", "--jobs", 2)
    assert eventually(lambda: not rows().equals(before))
    process.send_signal(how)
    process.communicate()
    after = rows()
    assert set(after.index) == set(before.index)
    assert 0 < (after["started_at"] != before["started_at"]).sum() <= 3
    assert after["solve_s"].notna().all()
    assert nothing_is_left(tmp_path)
