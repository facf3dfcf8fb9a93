"""Watching the process of a cell: its messages are taken in, and it is killed at its limits."""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from typing import Any

from benchmarks.machine.limits import GB
from benchmarks.process.conclusion import Ending
from benchmarks.process.launcher import Launched
from benchmarks.process.messages import BadMessage, Decoder, Message, NotASolution, max_body
from benchmarks.process.process_tree import cpu_s, memory_gb
from benchmarks.process.readable import readable
from benchmarks.process.request import Request
from benchmarks.process.transcript import Failure, Transcript

GRACE_S, GRACE_SHARE = 1.0, 0.05
"""A solver is told its time limit and killed this long after it: a second and a twentieth of the limit."""
STARTUP_S = 60.0
"""With a time limit, a process that has not called its solver after so long is killed."""
LINGER_S = 1.0
"""A process that has said its last word is killed if it has not ended after so long."""

_FIRST_LOOK_S, _LOOK_S = 0.02, 0.1
"""Memory and processor time are looked at soon after the start, then ever less often, at least every tenth of a
second. Not sooner, since a look costs more than the rest of the watching of a short cell."""
_CHUNK = 1 << 18
_MAX_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Stopped(Exception):
    """The cell was called off; its process is being killed."""


class Watch:
    """One process under watch, from its start to its end."""

    def __init__(self, launched: Launched, request: Request, transcript: Transcript) -> None:
        self._launched = launched
        self._request = request
        self._transcript = transcript
        self._decoder = Decoder(max_body(request.instance))
        self._unread = b""
        self._pid: int | None = None
        self._deadline = math.inf
        self._called: float | None = None
        """When the solver was called."""
        self._reason: Ending | None = None
        """Why it was killed first."""
        self._end: dict[str, Any] | None = None
        """What the fork server says of its end."""
        self._peak_gb = 0.0
        self._cpu_s = 0.0
        """Processor time seen under a CPU limit."""
        self._look_s = _FIRST_LOOK_S
        self._next_look = time.monotonic()

    def until_gone(self, stop: threading.Event | None) -> Ending:
        """Wait until the process and all that it started are killed or gone. Raises Stopped."""
        stream, link = self._launched.stream, self._launched.link
        listening = [stream, link]
        while True:
            if stop is not None and stop.is_set():
                raise Stopped
            patience = max(0.0, min(self._next_look, self._deadline) - time.monotonic())
            ready = readable(listening, patience)
            if stream in ready and not self._receive():
                listening.remove(stream)
            if link in ready:
                self._read_link()
            if self._end is not None:
                with contextlib.suppress(BlockingIOError):
                    while self._receive():
                        pass
                return self._ending(self._end)
            self._guard()

    def _receive(self) -> int:
        """Take in what has come, in bytes; none when the other end is closed."""
        try:
            data = self._launched.stream.recv(_CHUNK)
        except ConnectionError:
            return 0
        if self._transcript.complete or self._bad_stream:
            return len(data)
        try:
            for message in self._decoder.feed(data):
                self._add(message)
        except NotASolution as error:
            self._transcript.failure = Failure("invalid", str(error))
            self._deadline = time.monotonic() + LINGER_S
        except (BadMessage, ValueError, KeyError, TypeError) as error:
            self._kill(Ending("garbled", f"sent what is no message: {error}"))
        return len(data)

    def _add(self, message: Message) -> None:
        if self._transcript.complete:
            return
        now = time.monotonic()
        elapsed = 0.0 if self._called is None else now - self._called
        self._transcript.add(replace(message, seconds=min(max(message.seconds, 0.0), elapsed)))
        if self._transcript.complete:
            self._deadline = now + LINGER_S
        elif message.kind == "start" and self._called is None:
            self._called = now
            limit_s = self._request.time_limit_s
            self._deadline = math.inf if limit_s is None else now + limit_s * (1 + GRACE_SHARE) + GRACE_S

    def _read_link(self) -> None:
        """Learn from the fork server which process it is, and how it ended."""
        try:
            data = self._launched.link.recv(_CHUNK)
        except ConnectionError:
            data = b""
        if not data:
            self._end = {"failed": "the fork server was lost"}
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            report = json.loads(line)
            if "pid" not in report:
                self._end = report
                return
            self._pid = report["pid"]
            if self._request.time_limit_s is not None and self._called is None:
                self._deadline = time.monotonic() + STARTUP_S

    def _guard(self) -> None:
        """Kill at a limit."""
        now = time.monotonic()
        if now >= self._deadline:
            self._kill(self._out_of_time(now))
        if now >= self._next_look:
            self._look_s = min(2 * self._look_s, _LOOK_S)
            self._next_look = now + self._look_s
            self._launched.log.trim()
            self._look_at_memory()
            self._look_at_cpu()

    def _out_of_time(self, now: float) -> Ending:
        limit_s = self._request.time_limit_s
        if self._transcript.complete or limit_s is None:
            return Ending("time", f"killed {LINGER_S:g} s after its last word")
        if self._called is None:
            return Ending("time", f"killed: its solver was not called within {STARTUP_S:g} s")
        return Ending("time", f"killed after {now - self._called:.3g} s; the limit is {limit_s:g} s")

    def _look_at_memory(self) -> None:
        limit_gb = self._request.memory_limit_gb
        most_gb = math.inf if limit_gb is None else limit_gb
        if self._pid is not None:
            held_gb = memory_gb(self._pid, most_gb)
            self._peak_gb = max(self._peak_gb, held_gb)
            if held_gb >= most_gb:
                self._kill(Ending("memory", f"killed when it held {held_gb:.3g} GB; the limit is {limit_gb:g} GB"))

    def _look_at_cpu(self) -> None:
        limit_s = self._request.cpu_limit_s
        if self._pid is not None and limit_s is not None:
            self._cpu_s = max(self._cpu_s, cpu_s(self._pid))
            if self._cpu_s >= limit_s:
                self._kill(_out_of_cpu(self._cpu_s, limit_s))

    def _kill(self, reason: Ending) -> None:
        self._deadline = math.inf
        if self._reason is None:
            self._reason = reason
            self._launched.kill()

    @property
    def _bad_stream(self) -> bool:
        return self._reason is not None and self._reason.cause == "garbled"

    def _ending(self, end: dict[str, Any]) -> Ending:
        """How it ended, from what the fork server says of it."""
        seconds = None if self._called is None else time.monotonic() - self._called
        tail = self._launched.log.tail()
        if "failed" in end:
            return Ending("lost", str(end["failed"]), stderr_tail=tail, ran_s=seconds)
        code = os.waitstatus_to_exitcode(end["status"])
        return replace(
            self._reason or self._own_ending(code, end["cpu_s"]),
            exit_code=None if code < 0 else code,
            signal=-code if code < 0 else None,
            stderr_tail=tail,
            ran_s=seconds,
            cpu_s=max(self._cpu_s, end["cpu_s"]),
            peak_memory_gb=max(self._peak_gb, end["max_rss"] * _MAX_RSS_UNIT / GB),
        )

    def _own_ending(self, code: int, used_s: float) -> Ending:
        """What ended a process that was not killed from here: it did, or the system at the CPU limit."""
        limit_s = self._request.cpu_limit_s
        if limit_s is not None and used_s >= limit_s and code in (-signal.SIGXCPU, -signal.SIGKILL):
            return _out_of_cpu(used_s, limit_s)
        return Ending("exit")


def _out_of_cpu(used_s: float, limit_s: float) -> Ending:
    return Ending("time", f"killed after {used_s:.3g} s of processor time; the CPU limit is {limit_s:g} s")
