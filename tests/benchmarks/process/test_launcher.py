"""Fork servers come when they are needed and leave nothing behind."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from benchmarks.engine.local import engine_at
from benchmarks.process import launcher, watch
from benchmarks.process.request import Request
from benchmarks.process.run import run_cell
from problems.instance import Instance
from problems.io.errors import InputError
from tests.benchmarks.cells import SHORT_S, solve
from tests.benchmarks.runs import eventually
from tests.places import HOSTILE


def test_the_loss_of_the_fork_server_is_an_error_and_the_next_cell_has_a_new_one(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher.shut_down()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def kill_servers() -> None:
        for child in psutil.Process().children():
            if "benchmarks.process.forkserver" in " ".join(child.cmdline()):
                child.kill()

    threading.Timer(2.0, kill_servers).start()
    outcome = solve(instance, "Sleeps", 60.0)
    assert (outcome.status, outcome.error) == ("error", "the fork server was lost")
    assert solve(instance, "Polite").status == "feasible"
    assert len(list(tmp_path.iterdir())) == 1


def test_shutting_down_leaves_no_process_and_no_scratch(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher.shut_down()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(watch, "GRACE_S", 0.1)
    assert solve(instance, "LeavesFiles", SHORT_S).status == "timeout"
    (root,) = tmp_path.iterdir()
    assert list(root.iterdir()) == []
    launcher.shut_down()
    assert list(tmp_path.iterdir()) == []


def test_a_fork_server_ends_when_another_takes_its_place_and_its_cells_are_done(
    instance: Instance, tmp_path: Path
) -> None:
    def servers() -> int:
        lines = [" ".join(child.cmdline()) for child in psutil.Process().children()]
        return sum("benchmarks.process.forkserver" in line for line in lines)

    def until_stopped() -> None:
        with contextlib.suppress(watch.Stopped):
            run_cell(Request(instance, f"{HOSTILE}:Slow", {"seconds": 60.0, "diary": str(diary)}), stop)

    diary, stop = tmp_path / "diary", threading.Event()
    launcher.shut_down()
    busy = threading.Thread(target=until_stopped)
    busy.start()
    assert eventually(diary.exists)
    launcher.prepare(["none"])
    assert servers() == 2
    stop.set()
    busy.join()
    launcher.prepare(["lru"])
    assert servers() == 1


def test_a_new_server_is_another_interpreter(instance: Instance, tmp_path: Path) -> None:
    def server_of_a_cell() -> int:
        diary = tmp_path / "diary"
        solve(instance, "Slow", seconds=0.0, diary=str(diary), parent=True)
        return int(diary.read_text().split()[-1])

    first, same = server_of_a_cell(), server_of_a_cell()
    launcher.renew(["none"])
    assert first == same != server_of_a_cell()


def test_where_nothing_can_fork_a_line_says_what_to_use(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    words = "cannot fork the processes that keep cells apart and within limits; use WSL or a Linux container"
    calls: list[Callable[[], object]] = [
        lambda: launcher.prepare(["none"]),
        lambda: launcher.renew(["none"]),
        lambda: run_cell(Request(instance, "none")),
        lambda: engine_at("local").__enter__(),
    ]
    for call in calls:
        with pytest.raises(InputError, match=words):
            call()
