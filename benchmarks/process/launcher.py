"""The near end of the fork server: starts it when first needed, and starts processes of cells through it."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO

from benchmarks.machine.limits import THREAD_VARIABLES
from benchmarks.process.readable import readable
from benchmarks.process.request import Request
from problems.io.errors import InputError

_START = (
    "import json, sys; path, *arguments = json.loads(sys.argv[1]); sys.path[:] = path; "
    "from benchmarks.process.forkserver import serve; serve(*arguments)"
)
_HUGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""A heap in huge pages: half the time of forking the server's hundreds of megabytes."""
_END_WAIT_S = 10.0
_MAX_LOG_BYTES = 16 << 20
_TAIL_BYTES, _TAIL_LINES = 4096, 20


@dataclass(frozen=True, eq=False)
class Log:
    """What a cell writes to its standard output and error: a file without a name, of bounded size."""

    _file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def __post_init__(self) -> None:
        import fcntl

        flags = fcntl.fcntl(self._file, fcntl.F_GETFL)
        fcntl.fcntl(self._file, fcntl.F_SETFL, flags | os.O_APPEND)

    def fileno(self) -> int:
        """The file's descriptor."""
        return self._file.fileno()

    def trim(self) -> None:
        """Forget what was written so far if it has grown too much."""
        if os.fstat(self.fileno()).st_size > _MAX_LOG_BYTES:
            os.ftruncate(self.fileno(), 0)

    def tail(self) -> str:
        """The last lines."""
        size = os.fstat(self.fileno()).st_size
        data = os.pread(self.fileno(), _TAIL_BYTES, max(0, size - _TAIL_BYTES))
        text = data.decode(errors="replace").replace("\0", "")
        return "\n".join(text.splitlines()[-_TAIL_LINES:])

    def close(self) -> None:
        """Drop the file."""
        self._file.close()


@dataclass(frozen=True, eq=False)
class Launched:
    """A process of a cell, as seen from the one that asked for it."""

    stream: socket.socket
    """Where its messages come in; non-blocking."""
    link: socket.socket
    """Where the fork server says how it fares; non-blocking."""
    log: Log

    def kill(self) -> None:
        """Kill the process with all that it started; the link then says when it is done."""
        with contextlib.suppress(OSError):
            self.link.send(b"k")

    def close(self) -> None:
        """Let go; a process that still runs is killed."""
        for end in (self.stream, self.link, self.log):
            end.close()


class _Server:
    """A running fork server."""

    def __init__(self, solvers: Iterable[str]) -> None:
        self.solvers = frozenset(solvers)
        self._owner = os.getpid()
        self._launched: weakref.WeakSet[Launched] = weakref.WeakSet()
        self._control, theirs = socket.socketpair()
        environment = {**_HUGE_PAGES, **os.environ, **dict.fromkeys(THREAD_VARIABLES, "1"), "PYTHONHASHSEED": "0"}
        # Removed by whoever is the last: the server when this process is gone, this process when the server is.
        self._scratch = tempfile.mkdtemp(prefix="t2bench-")
        arguments = json.dumps([sys.path, theirs.fileno(), sorted(self.solvers), self._scratch])
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    @property
    def usable(self) -> bool:
        """Whether it is there and ours; it never says anything, so what can be read from it is its end."""
        return self._owner == os.getpid() and not readable([self._control], 0.0)

    @property
    def idle(self) -> bool:
        """Whether nobody is watching a cell of it."""
        return not self._launched

    def launch(self, request: Request) -> Launched:
        """A process of its own for the request, forked from the server."""
        stream, their_stream = socket.socketpair()
        link, their_link = socket.socketpair()
        launched = Launched(stream, link, Log())
        try:
            with tempfile.TemporaryFile() as file, their_stream, their_link:
                pickle.dump(request, file, pickle.HIGHEST_PROTOCOL)
                file.flush()
                files = [their_stream.fileno(), launched.log.fileno(), file.fileno(), their_link.fileno()]
                socket.send_fds(self._control, [b"c"], files)
        except BaseException:
            launched.close()
            raise
        stream.setblocking(False)
        link.setblocking(False)
        self._launched.add(launched)
        return launched

    def close(self) -> None:
        self._control.close()
        if self._owner == os.getpid():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_WAIT_S)
            shutil.rmtree(self._scratch, ignore_errors=True)


def can_fork() -> bool:
    """Whether this system can fork processes, which keep cells apart and within limits."""
    return hasattr(os, "fork")


def check_forking() -> None:
    """Raise InputError, with what to use instead, where processes cannot be forked."""
    if not can_fork():
        raise InputError(
            f"this system ({sys.platform}) cannot fork the processes that keep cells apart and within limits; use WSL "
            "or a Linux container (`t2bench solve` without limits works here too)"
        )


_lock = threading.Lock()
_servers: list[_Server] = []
"""The last one takes new cells; those before it finish theirs, and end when the next one comes."""


def prepare(solvers: Iterable[str]) -> None:
    """Have a fork server that has imported the modules of these solvers. Raises InputError where nothing can fork."""
    check_forking()
    wanted = frozenset(solvers)
    with _lock:
        server = _usable_server()
        if server is None or not wanted <= server.solvers:
            _end([server for server in _servers if server.idle])
            _servers.append(_Server(wanted | (server.solvers if server else frozenset())))


def launch(request: Request) -> Launched:
    """Start the process of a cell. Raises OSError where the system refuses, InputError where nothing can fork."""
    check_forking()
    with _lock:
        server = _usable_server()
        if server is None:
            server = _Server([request.solver])
            _servers.append(server)
        return server.launch(request)


def renew(solvers: Iterable[str]) -> None:
    """Have a new fork server, another interpreter, for the cells to come; those that run go on under theirs."""
    check_forking()
    with _lock:
        _end([server for server in _servers if server.idle or not server.usable])
        _servers.append(_Server(solvers))


def shut_down() -> None:
    """End the fork servers, and with them every cell that still runs."""
    with _lock:
        while _servers:
            _servers.pop().close()


def _end(servers: Iterable[_Server]) -> None:
    for server in servers:
        server.close()
        _servers.remove(server)


def _usable_server() -> _Server | None:
    _end([server for server in _servers if not server.usable])
    return _servers[-1] if _servers else None


atexit.register(shut_down)
