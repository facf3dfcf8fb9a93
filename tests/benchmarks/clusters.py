"""A real Dask cluster on this machine: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.benchmarks.runs import eventually
from tests.places import ROOT


class Cluster:
    """A scheduler and its workers; their logs and temporary files go to a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        where = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(where))
        # The file is there before its content is.
        assert eventually(lambda: where.exists() and where.read_text().endswith("}"))
        self.address: str = json.loads(where.read_text())["address"]

    def worker(self, *options: str, root: Path | None = ROOT) -> subprocess.Popen[bytes]:
        """One more worker of one thread, with the code under ``root`` or none; without a nanny its process is it."""
        return self._start("worker", self.address, "--nthreads", "1", *options, root=root)

    def _start(self, *words: str, root: Path | None = ROOT) -> subprocess.Popen[bytes]:
        temporary = self._folder / "tmp"
        temporary.mkdir(exist_ok=True)
        path = sysconfig.get_path("purelib") if root is None else str(root)
        bare = ["-S"] if root is None else []  # what is installed to be edited is not found then
        environment = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(temporary)}
        log = self._folder / f"dask{len(self._started)}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, *bare, "-m", "dask", *words, "--no-dashboard"],
                cwd=self._folder,
                env=environment,
                stdout=file,
                stderr=file,
            )
        self._started.append(process)
        return process

    def stop(self) -> None:
        """End whatever is left of it."""
        for process in self._started:
            for member in _family(process.pid):
                member.send_signal(signal.SIGKILL)
            process.wait()


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [*process.children(recursive=True), process]
    except psutil.NoSuchProcess:
        return []


@contextmanager
def cluster_in(folder: Path) -> Iterator[Cluster]:
    """A cluster without workers, ended afterwards."""
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        cluster.stop()
