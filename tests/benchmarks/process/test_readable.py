"""Waiting for descriptors of any number."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.process.readable import readable
from tests.places import ROOT

SELECT_ENDS = 1024
"""The first descriptor that ``select.select`` refuses."""
_CELL = """
from benchmarks.process import launcher
from benchmarks.matrix.matrix import SolverEntry
from tests.benchmarks.stores import rows_of

crowd = [open("/dev/null") for _ in range(1100)]
print([row.status for row in rows_of(SolverEntry(name="none+equal"))])
launcher.shut_down()
"""


@pytest.fixture
def many() -> Iterator[None]:
    """More descriptors open than ``select.select`` knows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = SELECT_ENDS + 500
    if soft < needed:
        if hard != resource.RLIM_INFINITY and hard < needed:
            pytest.skip(f"this process may open no more than {hard} files")
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    crowd = [os.open(os.devnull, os.O_RDONLY) for _ in range(SELECT_ENDS)]
    yield
    for number in crowd:
        os.close(number)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_what_can_be_read_is_told_whatever_its_number(many: None) -> None:
    one, other = socket.socketpair()
    silent, _silents = socket.socketpair()
    with one, other, silent, _silents:
        assert one.fileno() >= SELECT_ENDS
        assert readable([one, silent], 0.0) == set()
        other.send(b"a")
        assert readable([one, silent]) == {one}
        assert readable([one.fileno()]) == {one.fileno()}
        one.recv(1)
        other.close()
        assert readable([one, silent]) == {one}


def test_cells_run_in_a_process_with_many_files_open(many: None, tmp_path: Path) -> None:
    """The descriptors of the cells, of the watching and of the fork server lie beyond those that select knows."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", _CELL], env=environment, capture_output=True, text=True, timeout=100, check=True
    )
    assert done.stdout == "['feasible', 'feasible']\n"
    assert not list(tmp_path.iterdir())
