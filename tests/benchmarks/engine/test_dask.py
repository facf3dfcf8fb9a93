"""Cells on a real Dask cluster: the same rows as here, none lost when a worker, the scheduler or the client is."""

from __future__ import annotations

import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from benchmarks.engine.local import LocalEngine, engine_at
from benchmarks.machine.code_version import PACKAGES
from benchmarks.matrix.cell import Cell
from benchmarks.matrix.file import read_matrix
from benchmarks.store.store import Store
from problems.families.named import family_scenario
from problems.io.errors import InputError
from problems.scenario import write_scenario
from tests.benchmarks.clusters import Cluster, cluster_in
from tests.benchmarks.hostile import FOREVER_S
from tests.benchmarks.postgresql import postgresql
from tests.benchmarks.runs import eventually, finish, hostile, start, write_matrix
from tests.benchmarks.stores import filled
from tests.places import ROOT
from tests.slow import few

pytest.importorskip("distributed")

COMPARED = ("label", "status", "cost", "lower_bound", "solution", "code_version", "violations", "signal", "command")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A worker under a nanny and one without, for tests that harm neither."""
    with cluster_in(tmp_path_factory.mktemp("dask") / "cluster") as cluster:
        cluster.worker()
        cluster.worker("--no-nanny")
        yield cluster


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without workers yet."""
    with cluster_in(tmp_path / "cluster") as cluster:
        yield cluster


def cells_of(folder: Path, **fields: object) -> list[Cell]:
    return read_matrix(write_matrix(folder, **fields)).cells()


def slow(folder: Path, seconds: float, name: str = "Slow") -> tuple[dict[str, object], Path]:
    """A solver that takes its time, and the diary that it keeps."""
    diary = folder / f"{name}.diary"
    diary.touch()
    return hostile(name, seconds=seconds, diary=str(diary)), diary


def starts_in(diary: Path) -> Counter[str]:
    """How often each cell was started, by its instance and seed."""
    return Counter(line.rsplit(" ", 1)[0] for line in diary.read_text().splitlines())


def pids_in(diary: Path) -> list[int]:
    """The processes of all its cells."""
    return [int(line.split()[-1]) for line in diary.read_text().splitlines()]


def test_the_rows_are_those_of_this_machine(cluster: Cluster, tmp_path: Path) -> None:
    """Also those of a scenario file, which the workers do not need."""
    scenario = tmp_path / "own.yaml"
    write_scenario(family_scenario("tiny", 5), scenario)
    solvers = ["exhaustive", "random+equal", hostile("Raises"), hostile("Refuses"), hostile("Segfaults")]
    cells = cells_of(tmp_path, solvers=solvers, families=["tiny", "own.yaml"], repetitions=2)
    scenario.unlink()
    with engine_at(cluster.address) as engine:
        there = {row.cell["cell_id"]: row.cell for row in engine.run(cells)}
    here = {row.cell["cell_id"]: row.cell for row in LocalEngine().run(cells)}
    assert there.keys() == here.keys() == {cell.cell_id for cell in cells}
    for name in COMPARED:
        assert {key: row[name] for key, row in there.items()} == {key: row[name] for key, row in here.items()}


@pytest.mark.slow
def test_two_stores_and_two_engines_hold_the_same_costs(cluster: Cluster, tmp_path: Path) -> None:
    cells = cells_of(tmp_path, solvers=["branch-and-bound", "random+genetic", "lru"], trace_seeds="0-1")
    costs = []
    with postgresql() as server:
        for place in ("local", cluster.address):
            with engine_at(place) as engine:
                rows = list(engine.run(cells))
            for location in (tmp_path / f"{len(costs)}.sqlite", server.database()):
                with Store.open(filled(location, rows)) as store:
                    kept = store.rows("cell_id", "cost")
                costs.append(dict(zip(kept["cell_id"], kept["cost"], strict=True)))
    assert len(costs[0]) == len(cells)
    assert all(of_store == costs[0] for of_store in costs[1:])


@pytest.mark.slow
def test_limits_bite_there_too(cluster: Cluster, tmp_path: Path) -> None:
    expected = {"IgnoresSignals": "timeout", "StreamsThenHangs": "timeout", "Allocates": "memory"}
    cells = cells_of(tmp_path, solvers=[hostile(name) for name in expected], time_limit_s=2, memory_limit_gb=0.5)
    with engine_at(cluster.address) as engine:
        rows = {row.cell["label"]: row.cell for row in engine.run(cells)}
    assert {name: row["status"] for name, row in rows.items()} == expected
    assert rows["StreamsThenHangs"]["cost"] > rows["StreamsThenHangs"]["lower_bound"]


def test_jobs_are_at_most_so_many_cells_at_once(cluster: Cluster, tmp_path: Path) -> None:
    solver, diary = slow(tmp_path, seconds=0.2)
    with engine_at(cluster.address, jobs=1) as engine:
        rows = engine.run(cells_of(tmp_path, solvers=[solver], repetitions=4))
        begun = [len(diary.read_text().splitlines()) for _ in rows]
    assert begun == [1, 2, 3, 4]


@pytest.mark.slow
def test_a_killed_worker_costs_no_cell(doomed: Cluster, tmp_path: Path) -> None:
    workers = [doomed.worker("--no-nanny") for _ in range(2)]
    solver, diary = slow(tmp_path, seconds=0.3)
    cells = cells_of(tmp_path, solvers=[solver], repetitions=6, trace_seeds="0-1")
    rows = []
    with engine_at(doomed.address) as engine:
        for row in engine.run(cells):
            rows.append(row)
            if len(rows) == 3:
                assert eventually(lambda: len(diary.read_text().splitlines()) >= 4)
                workers[0].send_signal(signal.SIGKILL)
    assert sorted(row.cell["cell_id"] for row in rows) == sorted(cell.cell_id for cell in cells)
    assert {row.status for row in rows} == {"feasible"}
    assert len(starts_in(diary)) == len(cells)
    assert max(starts_in(diary).values()) <= 2
    assert eventually(lambda: not any(psutil.pid_exists(pid) for pid in pids_in(diary)))


@pytest.mark.slow
def test_a_cell_that_takes_its_worker_with_it_is_given_up_after_two(doomed: Cluster, tmp_path: Path) -> None:
    """The nannies start new workers, which do the other cells."""
    for _ in range(2):
        doomed.worker()
    killer, deaths = slow(tmp_path, seconds=0.2, name="KillsItsRun")
    cells = cells_of(tmp_path, solvers=[killer, "none+equal"], trace_seeds="0-1")
    with engine_at(doomed.address) as engine:
        rows = [row.cell for row in engine.run(cells)]
    assert sorted(row["cell_id"] for row in rows) == sorted(cell.cell_id for cell in cells)
    errors = {(row["label"], row["status"], row["error"]) for row in rows}
    assert errors == {
        ("KillsItsRun", "error", "started 2 times, and each time its Dask worker died"),
        ("none+equal", "feasible", None),
    }
    assert set(starts_in(deaths).values()) == {2}


@pytest.mark.slow
def test_a_lost_scheduler_leaves_a_store_to_go_on_with(doomed: Cluster, tmp_path: Path) -> None:
    for _ in range(2):
        doomed.worker("--no-nanny")
    solver, diary = slow(tmp_path, seconds=0.2)
    matrix = write_matrix(tmp_path, solvers=[solver], repetitions=12)
    run = start(tmp_path, matrix, "--engine", doomed.address)
    assert eventually(lambda: len(diary.read_text().splitlines()) >= 4)
    doomed.scheduler.send_signal(signal.SIGKILL)
    code, out, err = finish(run)
    assert (code, out) == (2, "")
    line = f"t2bench: {doomed.address}: the scheduler was lost; what was finished is kept, --resume runs the rest"
    assert err.splitlines()[-1] == line
    assert "Traceback" not in err
    assert "distributed" not in err
    with Store.open(tmp_path / "trial.sqlite") as store:
        assert 0 < len(store.finished()) < 12
    assert finish(start(tmp_path, matrix, "--resume"))[0] == 0
    with Store.open(tmp_path / "trial.sqlite") as store:
        assert list(store.rows()["status"]) == ["feasible"] * 12


@pytest.mark.parametrize("number", few(1, [signal.SIGINT, signal.SIGKILL]))
def test_what_ends_the_run_ends_its_cells_on_the_workers(cluster: Cluster, tmp_path: Path, number: int) -> None:
    solver, diary = slow(tmp_path, FOREVER_S)
    matrix = write_matrix(tmp_path, solvers=[solver], repetitions=4, time_limit_s=None)
    run = start(tmp_path, matrix, "--engine", cluster.address)
    assert eventually(lambda: len(diary.read_text().splitlines()) == 2)
    run.send_signal(number)
    code, _, err = finish(run)
    if number == signal.SIGINT:
        assert code == 130
        assert err == "t2bench: interrupted; what was finished is kept, --resume runs the rest\n"
    assert eventually(lambda: not any(psutil.pid_exists(pid) for pid in pids_in(diary)))
    with engine_at(cluster.address) as engine:
        assert [row.status for row in engine.run(cells_of(tmp_path, solvers=["none+equal"]))] == ["feasible"]


def test_a_worker_that_would_answer_otherwise_is_refused(doomed: Cluster, tmp_path: Path) -> None:
    for package in (*PACKAGES, "benchmarks"):
        shutil.copytree(ROOT / package, tmp_path / "other" / package, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "other" / "solvers" / "base.py").open("a") as source:
        source.write("# another solver\n")
    cells = cells_of(tmp_path, solvers=["none+equal"])
    for root, words in ((None, r"cannot load t2bench \(No module named"), (tmp_path / "other", "its t2bench differs")):
        worker = doomed.worker("--no-nanny", root=root)
        with engine_at(doomed.address) as engine, pytest.raises(InputError, match=rf"worker tcp://[\d.:]+: {words}"):
            list(engine.run(cells))
        worker.kill()
        worker.wait()


def test_a_solver_file_must_be_the_same_there(cluster: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("from tests.benchmarks.hostile import Polite\n")
    cells = cells_of(tmp_path, solvers=["mine.py:Polite"])
    with engine_at(cluster.address) as engine:
        assert [row.status for row in engine.run(cells)] == ["feasible"]
        file.write_text("from tests.benchmarks.hostile import Polite  # changed\n")
        with pytest.raises(InputError, match=r"^worker .*: .*mine\.py:Polite is missing there or differs from the one"):
            list(engine.run(cells))


def test_an_address_without_a_scheduler_is_one_line_and_makes_no_store(tmp_path: Path) -> None:
    write_matrix(tmp_path, solvers=["none+equal"])
    code, out, err = finish(start(tmp_path, "trial.yaml", "--engine", "nosuch://127.0.0.1:1"))
    assert (code, out) == (2, "")
    assert err.startswith("t2bench: --engine nosuch://127.0.0.1:1: no Dask scheduler answers: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "trial.sqlite").exists()


def test_a_scheduler_that_does_not_answer_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.engine.dask._CONNECT_S", 0.5)
    words = r"^--engine tcp://127\.0\.0\.1:1: no Dask scheduler answers within 0\.5 s$"
    with pytest.raises(InputError, match=words), engine_at("tcp://127.0.0.1:1"):
        pass


def test_without_the_extra_the_line_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "benchmarks.engine.dask", raising=False)
    monkeypatch.delitem(sys.modules, "benchmarks.engine.dask_task", raising=False)
    words = r"^--engine tcp://h:1: not installed: pip install 't2bench\[dask\]'$"
    with pytest.raises(InputError, match=words), engine_at("tcp://h:1"):
        pass


def test_a_place_is_local_or_an_address() -> None:
    words = "^--engine: 'cluster'; must be local or a Dask scheduler's address"
    with pytest.raises(InputError, match=words), engine_at("cluster"):
        pass
