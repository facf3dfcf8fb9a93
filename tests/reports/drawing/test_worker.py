"""Work is done by another process where a processor is free, and done in any case."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

import pytest

from reports.drawing import worker
from reports.drawing.worker import Worker


@pytest.fixture(autouse=True)
def can_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four processors, and no thread: a process of the tests may have one of its own."""
    monkeypatch.setattr(worker, "cores", lambda: 4)
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def test_a_free_processor_does_it_while_this_process_goes_on(tmp_path: Path) -> None:
    go, here = tmp_path / "go", os.getpid()

    def work() -> int:
        while not go.exists() and os.getpid() != here:
            time.sleep(0.01)
        return os.getpid()

    both = [Worker(work) for _ in range(2)]
    go.touch()
    found = {each.result() for each in both}
    assert len(found) == 2
    assert here not in found
    assert {each.result() for each in both} == found


def test_without_one_it_is_done_here_and_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "cores", lambda: 1)
    done = []
    one = Worker(lambda: done.append(os.getpid()) or "result")
    assert done == [os.getpid()]
    assert one.result() == "result"


def test_a_process_with_threads_does_it_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert Worker(os.getpid).result() == os.getpid()


def test_where_nothing_can_be_copied_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert Worker(os.getpid).result() == os.getpid()


def test_a_result_that_nobody_wants_leaves_no_file_open(monkeypatch: pytest.MonkeyPatch) -> None:
    made, make = [], tempfile.TemporaryFile

    def remembered() -> IO[bytes]:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", remembered)
    asked = Worker(os.getpid)
    assert [file.closed for file in made] == [False]
    del asked
    gc.collect()
    assert [file.closed for file in made] == [True]


def test_what_a_killed_process_did_not_finish_is_done_here() -> None:
    here = os.getpid()

    def work() -> str:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return "result"

    assert Worker(work).result() == "result"


def test_what_goes_wrong_is_raised_where_the_result_is_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    one = Worker(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        one.result()
    assert capfd.readouterr() == ("", "")
