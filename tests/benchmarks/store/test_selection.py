"""``t2bench run --rerun`` and its filters: the right cells, and no row lost."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmarks.matrix.file import read_matrix
from benchmarks.matrix.selection import chosen_families, chosen_solvers
from benchmarks.store.store import Store
from problems.families.drawn import family_scenario
from problems.scenario import scenario_yaml
from t2bench.cli.main import main
from tests.benchmarks.runs import eventually, finish, hostile, nothing_is_left, start, write_matrix
from tests.places import HOSTILE

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
    assert finish(start(folder, "trial.yaml", "--jobs", 2))[0] == 1
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
    finish(start(tmp_path, *words, "--jobs", 2))
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
    code, out, _ = finish(start(tmp_path, *words, "--solvers", "Fickle"))
    assert code == 0
    assert out.endswith(": 1 cells: 1 feasible\n")
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


def test_filters_choose_solvers_and_families(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def listed(*arguments: str) -> set[tuple[str, ...]]:
        assert main(["run", str(tmp_path / "trial.yaml"), "--dry-run", *arguments]) == 0
        return {tuple(line.split("\t")[:2]) for line in capsys.readouterr().out.splitlines()[:-1]}

    solvers = ["none", {"name": "milp-relaxation", "settings": {"backend": "cbc"}}, "milp-relaxation"]
    solvers.append({"name": f"{HOSTILE}:Claims", "settings": {"status": "feasible", "bound_share": 0.9}})
    families = ["tiny", "small", {"family": "tiny", "users": 3}]
    write_matrix(tmp_path, solvers=solvers, families=families)
    tiny, wide, small = "tiny-s0-t0", "tiny-m3-n3-k2-t3-s0-t0", "small-s0-t0"
    cbc, claims = "milp-relaxation (backend=cbc)", "hostile.py:Claims (bound_share=0.9, status=feasible)"
    assert listed("--solvers", "none", "--families", "tiny") == {("none", tiny), ("none", wide)}
    assert listed("--solvers", f"none,{cbc}", "--families", "small,tiny-m3-n3-k2-t3") == {
        *(("none", wide), ("none", small), (cbc, wide), (cbc, small)),
    }
    assert listed("--solvers", "milp-relaxation", "--families", "small") == {("milp-relaxation", small)}
    assert listed("--solvers", "hostile.py:Claims", "--families", "small") == {(claims, small)}
    assert listed("--solvers", claims, "--solvers", "none", "--families", "small") == {
        *((claims, small), ("none", small)),
    }
    code, out, _ = finish(start(tmp_path, "trial.yaml", "--solvers", "none", "--families", "small"))
    assert code == 0
    assert out == "trial.sqlite: 1 cells: 1 feasible\n"


def test_a_name_stands_for_all_its_labels(tmp_path: Path) -> None:
    entries: list[dict[str, Any]] = [{"name": "none", "label": "a"}, {"name": "none+equal", "label": "b"}]
    entries.append({"name": "none", "label": "c", "time_limit_s": 5})
    matrix = read_matrix(write_matrix(tmp_path, solvers=entries))
    assert chosen_solvers(matrix, ["none"]) == {"a", "c"}
    assert chosen_solvers(matrix, ["none, b"]) == {"a", "b", "c"}


def test_a_scenario_is_chosen_by_its_files_name(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(scenario_yaml(family_scenario("tiny", 0)))
    matrix = read_matrix(write_matrix(tmp_path, solvers=["none"], families=["one.yaml", "two.yaml"]))
    assert chosen_families(matrix, ["two.yaml"]) == {str(tmp_path / "two.yaml")}
    assert chosen_families(matrix, [str(tmp_path / "one.yaml")]) == {str(tmp_path / "one.yaml")}
