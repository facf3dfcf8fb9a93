"""The process that forks cells: everything imported, one thread, nothing else to do.

Its parent sends a byte and three files a cell (stream, log, request) with a socket, the link. Over
the link the server says the process id and, in the end, how the process ended; a byte from the
parent, or the parent's end closed, is the order to kill. Whatever a cell starts is killed when its
first process ends. When the parent is gone, so are all cells, their scratch folders and this process.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from benchmarks.process.confinement import adopt_orphans
from benchmarks.process.preload import preload
from benchmarks.process.process_tree import children
from benchmarks.process.readable import readable
from benchmarks.process.worker import work
from solvers import kernel

FILES_A_CELL = 4
"""Stream, log, request, link."""
_LAST_WAIT_S = 5.0


def serve(control: int, solvers: Sequence[str], scratch: str, first: bool = True) -> None:
    """Fork cells until the other end of the socket ``control`` closes; then remove the folder ``scratch``.

    ``first``: begin again, as the same process, if kernels had to be compiled; they are in Numba's cache then.
    """
    adopt_orphans()
    if not first:
        kernel.compile_silently()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    server = _Server(socket.socket(fileno=control), Path(scratch))
    try:
        if preload(solvers) and first:
            *command, arguments = sys.orig_argv
            os.execv(sys.executable, [*command, json.dumps([*json.loads(arguments), False])])
        server.run()
    finally:
        server.kill_all()
        shutil.rmtree(scratch, ignore_errors=True)


class _Server:
    def __init__(self, control: socket.socket, scratch: Path) -> None:
        self._control = control
        self._scratch = scratch
        self._links: dict[int, socket.socket] = {}
        self._killed: set[int] = set()
        self._wake, self._waker = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(self._waker, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)

    def run(self) -> None:
        """Serve until the parent is gone."""
        while True:
            links = {link: pid for pid, link in self._links.items() if pid not in self._killed}
            ready = readable([self._control, self._wake, *links])
            if self._wake in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake, 4096)
                self._reap()
            for link in links.keys() & ready:
                if links[link] in self._links:
                    self._killed.add(links[link])
                    _kill_group(links[link])
            if self._control in ready:
                data, files, _, _ = socket.recv_fds(self._control, 1, FILES_A_CELL)
                if not data:
                    return
                for file in files:
                    os.set_inheritable(file, False)
                self._launch(*files)

    def _launch(self, stream: int, log: int, request: int, link_file: int) -> None:
        link = socket.socket(fileno=link_file)
        server = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            _send(link, {"failed": f"no process could be started: {error.strerror}"})
            link.close()
        else:
            if pid == 0:
                self._be_cell(server, stream, log, request, link)
            self._links[pid] = link
            _send(link, {"pid": pid})
        for file in (stream, log, request):
            os.close(file)

    def _be_cell(self, server: int, stream: int, log: int, request: int, link: socket.socket) -> NoReturn:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            for end in (self._control, link, *self._links.values()):
                end.close()
            os.close(self._wake)
            os.close(self._waker)
            work(server, stream, log, request, self._folder(os.getpid()))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)

    def _folder(self, pid: int) -> Path:
        return self._scratch / str(pid)

    def _reap(self) -> None:
        """Collect all who died, kill what they left behind, and say how they ended."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            link = self._links.pop(pid, None)
            if link is None:
                continue
            self._killed.discard(pid)
            _kill_group(pid)
            self._kill_orphans()
            shutil.rmtree(self._folder(pid), ignore_errors=True)
            cpu_s = usage.ru_utime + usage.ru_stime
            _send(link, {"status": status, "cpu_s": cpu_s, "max_rss": usage.ru_maxrss})
            link.close()
        self._kill_orphans()

    def _kill_orphans(self) -> None:
        """Kill the orphans that came to this process: a living cell adopts its own, so theirs is dead."""
        for child in children(os.getpid()):
            if child not in self._links:
                _kill(child)

    def kill_all(self) -> None:
        """Kill every cell and wait, briefly, until they are gone."""
        end = time.monotonic() + _LAST_WAIT_S
        while time.monotonic() < end and (self._links or children(os.getpid())):
            for pid in self._links:
                _kill_group(pid)
            self._reap()
            time.sleep(0.002)


def _send(link: socket.socket, fields: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        link.sendall(json.dumps(fields).encode() + b"\n")


def _kill_group(pid: int) -> None:
    _kill(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)
