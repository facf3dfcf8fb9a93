"""One cell, from the request to an outcome whatever happens: in a process of its own or, without limits, in this."""

from __future__ import annotations

import threading

from benchmarks.process.answer import Answer, global_seed
from benchmarks.process.conclusion import Ending, conclude, lost
from benchmarks.process.launcher import launch
from benchmarks.process.messages import Decoder, Message, encode, max_body
from benchmarks.process.outcome import Outcome
from benchmarks.process.request import Request
from benchmarks.process.transcript import Transcript
from benchmarks.process.watch import Watch
from solvers.base import Solver


def run_cell(request: Request, stop: threading.Event | None = None) -> Outcome:
    """Solve in a process of its own, within hard limits, and judge the answer here.

    The solver is told its limits of time and memory. The process, with all that it starts, is killed
    a grace after the time limit (``watch.GRACE_S`` and ``watch.GRACE_SHARE``), when its resident
    memory reaches the memory limit, and when all of it has used the processor seconds of the CPU
    limit. What it streamed before stays in the outcome.
    Raises watch.Stopped, soon, once ``stop`` is set, and InputError where processes cannot be forked.
    """
    instance = request.instance
    transcript = Transcript(instance)
    try:
        launched = launch(request)
    except OSError as error:
        return lost(instance, request.solver, f"no process could be started: {error}")
    try:
        ending = Watch(launched, request, transcript).until_gone(stop)
    finally:
        launched.close()
    return conclude(instance, request.solver, transcript, ending)


def run_here(request: Request, solver: Solver | None = None, raises: bool = False) -> Outcome:
    """The same in this process, where nothing enforces a limit: the solver is told them, and that is all.

    ``solver`` answers in the place of the one that the request names. An exception is an outcome like any other unless
    it ``raises``, and except KeyboardInterrupt; a crash is the end of this process too. Judging what is streamed counts
    in the solve time.
    """
    transcript, decoder = Transcript(request.instance), Decoder(max_body(request.instance))

    def take(message: Message) -> None:
        for copy in decoder.feed(encode(message)):  # the solver may go on to change its arrays
            transcript.add(copy)

    answer = Answer(request, take)
    with global_seed(request.seed):
        try:
            answer.solve(solver)
        except (Exception, SystemExit) as error:
            if raises:
                raise
            answer.failed(error)
    return conclude(request.instance, request.solver, transcript, Ending("exit"))
