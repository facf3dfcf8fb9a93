"""What the process of a cell does: bind itself to its limits, and answer over a socket."""

from __future__ import annotations

import faulthandler
import io
import os
import pickle
import socket
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from benchmarks.process import confinement
from benchmarks.process.answer import Answer, global_seed
from benchmarks.process.messages import encode
from benchmarks.process.request import Request
from solvers import kernel


def work(server: int, stream: int, log: int, request: int, scratch: Path) -> NoReturn:
    """Answer the pickled request in the file ``request`` on the socket ``stream``; output goes to ``log``."""
    os.setsid()
    confinement.die_with_parent(server)
    confinement.adopt_orphans()
    confinement.die_first()
    _redirect(log, scratch)
    kernel.compile_silently()  # whoever waits does not read the log
    with open(request, "rb") as file:
        file.seek(0)
        asked: Request = pickle.load(file)
    os.chdir(asked.folder)
    with global_seed(asked.seed):
        confinement.limit_memory(asked.memory_limit_gb)
        confinement.limit_cpu(asked.cpu_limit_s)
        _answer(asked, socket.socket(fileno=stream))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _redirect(log: int, scratch: Path) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    for file, standard in ((null, 0), (log, 1), (log, 2)):
        os.dup2(file, standard)
    for output in (sys.stdout, sys.stderr):
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    faulthandler.enable(sys.stderr)
    scratch.mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)


def _answer(asked: Request, stream: socket.socket) -> None:
    answer = Answer(asked, lambda message: stream.sendall(encode(message)))
    try:
        answer.solve()
    except BaseException as error:
        confinement.lift_memory_limit()
        print(answer.failed(error) or "", end="", file=sys.stderr)
