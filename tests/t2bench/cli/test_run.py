"""``t2bench run`` as a user meets it: nothing lost, nothing done twice, nothing left behind."""

from __future__ import annotations

import random
import re
import resource
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.store.rejudge import rejudge
from benchmarks.store.store import Store
from tests.benchmarks.runs import eventually, finish, hostile, nothing_is_left, start, started_by, write_matrix
from tests.benchmarks.stores import changed, filled, rows_of
from tests.places import HOSTILE
from tests.slow import few
from tests.t2bench.cli.command import refused, t2bench

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
    "Boasts": "error",
    "BoastsInSum": "error",
}


SETTINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "FalseOptimum": ("Claims", {"status": "optimal"}),
    "FalseBound": ("Claims", {"bound_share": 1.1}),
    "Boasts": ("Boasts", {"training_cpu_s": "long"}),
    "BoastsInSum": ("Boasts", {"agents": 2, "environment_steps": 2**62}),
}


def test_every_kind_of_end_has_its_row_and_the_rest_is_done(tmp_path: Path) -> None:
    def entry(label: str) -> Any:
        if label in SETTINGS:
            name, settings = SETTINGS[label]
            return {**hostile(name, **settings), "label": label}
        # A full half of a gigabyte takes long to touch on a busy machine.
        patience = {"time_limit_s": 30} if label == "Allocates" else {}
        return label if "+" in label else {**hostile(label), **patience}

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
    assert "failed: Boasts on tiny-s0-t0, repetition 0: error: ValueError: training_cpu_s: 'long'; must be " in out
    assert f"ValueError: environment_steps: {2**63}; must be a whole number >= 0 and < 2**63" in out
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize("store", ["sqlite://", "sqlite:///:memory:", "sqlite:///file::memory:?uri=true", ":memory:"])
def test_a_store_that_would_be_forgotten_is_refused_before_anything_runs(tmp_path: Path, store: str) -> None:
    diary = tmp_path / "diary"
    matrix = write_matrix(tmp_path, solvers=[hostile("Slow", diary=str(diary))])
    line = refused("run", matrix, "--store", store)
    assert line == f"t2bench: store: '{store}'; must be a file, for memory keeps nothing\n"
    assert not diary.exists()


def test_a_bound_that_another_cells_cost_contradicts_is_named(tmp_path: Path) -> None:
    """Each of the two cells is consistent in itself; the bound lies below its own cost, but above the optimum."""
    write_matrix(tmp_path, solvers=[hostile("Claims", bound_share=0.999), "exhaustive"])
    done = t2bench("run", "trial.yaml", cwd=tmp_path)
    with Store.open(tmp_path / "trial.sqlite") as store:
        rows = store.rows().set_index("label")
    assert set(rows["status"]) == {"feasible", "optimal"}
    bound, cost = float(rows.loc["Claims", "lower_bound"]), float(rows.loc["exhaustive", "cost"])
    assert bound > cost
    assert done.returncode == 1
    assert (
        f"contradiction: Claims states that no solution of tiny-s0-t0 costs less than {bound!r}; "
        f"exhaustive found one that costs {cost!r}"
    ) in done.stdout


@pytest.mark.parametrize(("kills", "repetitions"), few(1, [(1, 20), (10, 100)]))
def test_a_run_killed_many_times_goes_on_where_it_was(tmp_path: Path, kills: int, repetitions: int) -> None:
    """SIGKILL at random moments: in the end every cell has one row, and no finished one was run again."""
    diary = tmp_path / "diary"
    diary.touch()
    matrix = write_matrix(
        tmp_path, solvers=[hostile("Slow", seconds=0.0, diary=str(diary))], repetitions=repetitions, trace_seeds="0-1"
    )
    moments, finished = random.Random(4), set[str]()
    for _ in range(kills):
        run = start(tmp_path, matrix, "--resume", "--jobs", 2)
        begun = len(_lines(diary)) + moments.randint(1, 18)
        assert eventually(lambda begun=begun: len(_lines(diary)) >= begun)
        time.sleep(moments.uniform(0, 0.03))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        assert nothing_is_left(tmp_path)
        with Store.open(tmp_path / "trial.sqlite") as store:
            rows = store.rows("cell_id", "instance", "seed")
        assert finished <= set(rows["cell_id"])
        finished = set(rows["cell_id"])
    assert 0 < len(finished) < 2 * repetitions
    started = _starts(diary)
    assert finish(start(tmp_path, matrix, "--resume"))[0] == 0
    with Store.open(tmp_path / "trial.sqlite") as store:
        assert len(store.rows()) == len(store.finished()) == 2 * repetitions
        assert all(found.clean for found in rejudge(store))
    for instance, seed in zip(rows["instance"], rows["seed"], strict=True):
        assert _starts(diary)[f"{instance} {seed}"] == started[f"{instance} {seed}"]
    assert nothing_is_left(tmp_path)


def _lines(diary: Path) -> list[str]:
    return diary.read_text().splitlines()


def _starts(diary: Path) -> Counter[str]:
    """How often each cell was started, by its instance and seed."""
    return Counter(line.rsplit(" ", 1)[0] for line in _lines(diary))


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


def test_a_full_disk_is_one_line_and_costs_no_finished_row(tmp_path: Path) -> None:
    """Full for the run's own files, as its limit on the size of a file has it."""
    matrix = write_matrix(tmp_path, solvers=[hostile("Slow", seconds=0.05)], repetitions=30)
    run = start(tmp_path, matrix, "--jobs", 2)
    resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    code, out, err = finish(run)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith("t2bench: trial.sqlite: cannot be written: ")
    assert "Traceback" not in err
    assert nothing_is_left(tmp_path)
    with Store.open(tmp_path / "trial.sqlite") as store:
        kept = store.rows()
    assert 0 < len(kept) < 30
    assert finish(start(tmp_path, matrix, "--resume"))[0] == 0
    with Store.open(tmp_path / "trial.sqlite") as store:
        rows = store.rows()
    assert len(rows) == 30
    assert rows[rows["cell_id"].isin(kept["cell_id"])].reset_index(drop=True).equals(kept)


def test_a_read_only_store_is_one_line_and_stays_as_it_is(tmp_path: Path) -> None:
    filled(tmp_path / "trial.sqlite", rows_of(SolverEntry(name="none+equal")))
    before = (tmp_path / "trial.sqlite").read_bytes()
    matrix = write_matrix(tmp_path, solvers=["lru"])
    read_only = "sqlite:///file:trial.sqlite?mode=ro&uri=true"  # root may write files that nobody may
    line = refused("run", matrix, "--store", read_only, cwd=tmp_path)
    assert line.endswith(": cannot be opened: attempt to write a readonly database\n")
    assert (tmp_path / "trial.sqlite").read_bytes() == before


def test_cells_are_not_run_twice_unless_by_mistake(tmp_path: Path) -> None:
    write_matrix(tmp_path, solvers=["none+equal"])
    assert t2bench("run", "trial.yaml", cwd=tmp_path).returncode == 0
    assert refused("run", "trial.yaml", cwd=tmp_path) == (
        "t2bench: trial.sqlite: holds 1 of these 1 cells already; "
        "add --resume to run the others, or name another --store\n"
    )
    assert t2bench("run", "trial.yaml", "--resume", cwd=tmp_path).returncode == 0


def test_a_dry_run_lists_the_cells_and_makes_nothing(tmp_path: Path) -> None:
    write_matrix(tmp_path, solvers=["none+equal"], repetitions=2, time_limit_s=30)
    done = t2bench("run", "trial.yaml", "--dry-run", "--jobs", 1, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "none+equal\ttiny-s0-t0\tseed 0\tat most 30 s",
        "none+equal\ttiny-s0-t0\tseed 1\tat most 30 s",
        "2 cells, 1 at once: at most 60 s for 2 by their time limits",
    ]
    assert not list(tmp_path.glob("*.sqlite*"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no.yaml"], "t2bench: no.yaml: cannot be read: no such file or directory"),
        (["trial.yaml", "--store", "no/such.sqlite"], "no/such.sqlite: cannot be opened: unable to open database file"),
        (["trial.yaml", "--jobs", "0"], "argument --jobs: 0; must be a whole number >= 1"),
        (["trial.yaml", "--solvers", "nobody"], "t2bench: --solvers: 'nobody'; must be among the matrix's: none+equal"),
        (["trial.yaml", "--solvers", "none+equl"], "; did you mean 'none+equal'? must be among"),
        (["trial.yaml", "--solvers", ""], "t2bench: --solvers: ''; must be among the matrix's: none+equal"),
        (["trial.yaml", "--families", "tiny,vast"], "t2bench: --families: 'vast'; must be among the matrix's: tiny"),
        (["trial.yaml", "--rerun", "some"], "argument --rerun: invalid choice: 'some'"),
        (["trial.yaml", "--engine", "cluster"], "t2bench: --engine: 'cluster'; must be local or a Dask scheduler's"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    write_matrix(tmp_path, solvers=["none+equal"])
    assert words in refused("run", *arguments, cwd=tmp_path)


def test_a_dry_run_looks_at_the_store(tmp_path: Path) -> None:
    write_matrix(tmp_path, solvers=["none+convex", "none+equal"], trace_seeds="0-1", time_limit_s=10)
    labels = ("none+convex", "none+equal")

    def listed(*arguments: str) -> list[str]:
        done = t2bench("run", "trial.yaml", "--jobs", "2", "--dry-run", *arguments, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    assert listed() == [
        *(f"{label}\ttiny-s0-t{seed}\tseed 0\tat most 10 s" for seed in (0, 1) for label in labels),
        "4 cells, 2 at once: at most 20 s for 4 by their time limits",
    ]
    assert listed("--resume") == listed()
    assert not (tmp_path / "trial.sqlite").exists()
    (tmp_path / "other.sqlite").write_text("no database")
    assert listed("--store", "other.sqlite") == listed()
    complaint = refused("run", "trial.yaml", "--dry-run", "--resume", "--store", "other.sqlite", cwd=tmp_path)
    assert "other.sqlite: " in complaint
    (row,) = rows_of(SolverEntry(name="none+convex"), trace_seeds=(0,), time_limit_s=10.0, memory_limit_gb=4.0)
    filled(tmp_path / "trial.sqlite", [changed(row, wall_s=0.25)])
    assert listed()[0] == "none+convex\ttiny-s0-t0\tseed 0\tabout 0.25 s"
    resumed = listed("--resume")
    assert resumed[0] == "none+equal\ttiny-s0-t0\tseed 0\tat most 10 s"
    assert resumed[-1] == "3 cells, 2 at once: " + "; ".join(
        ["about 0.12 s for 1 as earlier cells like them took", "at most 10 s for 2 by their time limits"]
    )


def test_a_dry_run_knows_what_cells_typically_take(tmp_path: Path) -> None:
    write_matrix(tmp_path, solvers=["none", hostile("Polite")], time_limit_s=20)
    typical, outsider, summary = t2bench("run", "trial.yaml", "--dry-run", cwd=tmp_path).stdout.splitlines()
    assert re.fullmatch(r"none\ttiny-s0-t0\tseed 0\tabout 0\.\d+ s", typical)
    assert outsider == "Polite\ttiny-s0-t0\tseed 0\tat most 20 s"
    assert summary.endswith(
        "for 1 as cells like them typically take on a machine of this speed; at most 20 s for 1 by their time limits"
    )


def test_an_exception_is_placed_and_its_traceback_shown_where_wanted(tmp_path: Path) -> None:
    write_matrix(tmp_path, solvers=["none", hostile("Raises")])
    done = t2bench("run", "trial.yaml", "--traceback", cwd=tmp_path)
    assert done.returncode == 1
    failed = re.compile(r"^failed: Raises on tiny-s0-t0, repetition 0: error: RuntimeError: no good \((.*)\)$", re.M)
    (place,) = failed.findall(done.stdout)
    assert re.fullmatch(rf"{HOSTILE}:\d+", place)
    shown = done.stderr.partition("Raises on tiny-s0-t0, repetition 0:\n")[2]
    assert shown.startswith("Traceback (most recent call last):\n")
    assert shown.endswith("RuntimeError: no good\n")
    assert place.replace(":", '", line ') in shown
    assert "Traceback" not in t2bench("run", "trial.yaml", "--rerun", "all", cwd=tmp_path).stderr
