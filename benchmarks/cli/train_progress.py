"""How far a training is: a bar or lines on standard error, the gap on validation traces, curves for TensorBoard."""

from __future__ import annotations

import signal
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from t2drl.train import agent_of
from t2drl.training import Training
from t2drl.validation import Gaps, validation_of

LOOKS = 10
"""Validations in the course of a training."""
LOOK_EVERY_S = 15.0
"""At least so many seconds lie between two."""


class TrainProgress:
    """Validates now and then, and says so; takes Ctrl-C as a wish to stop after the present frame."""

    def __init__(self, training: Training, log: Path | None) -> None:
        self.training = training
        self.gaps: Gaps | None = None
        self.interrupted = False
        self._validation = validation_of(training)
        self._log = _writer(log)
        self._next = training.progress + 1.0 / LOOKS
        self._looked = time.monotonic()
        self._bar: Progress | None = None
        self._task = TaskID(0)
        self._handler: Any = None

    def __enter__(self) -> Self:
        self._handler = signal.signal(signal.SIGINT, self._stop)
        console = Console(stderr=True)
        if console.is_terminal:
            columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=console)
            self._task = self._bar.add_task(self._words(), total=self.training.length)
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()
        signal.signal(signal.SIGINT, self._handler)
        if self._log is not None:
            self._log.close()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.interrupted:
            raise KeyboardInterrupt
        self.interrupted = True

    def look(self) -> bool:
        """After a frame: validate and tell if it is time; whether it was."""
        training = self.training
        if self._bar is not None:
            self._bar.update(self._task, completed=training.counts.played)
        due = training.progress >= self._next and time.monotonic() - self._looked >= LOOK_EVERY_S
        if not due and not training.done:
            return False
        if self._validation is not None:
            self.gaps = self._validation.gaps(agent_of(training))
        self._next, self._looked = training.progress + 1.0 / LOOKS, time.monotonic()
        self._tell()
        return not training.done

    def _tell(self) -> None:
        counts = self.training.counts
        if self._bar is not None:
            self._bar.update(self._task, description=self._words())
        else:
            print(self._words(), file=sys.stderr, flush=True)
        if self._log is not None and self.gaps is not None:
            self._log.add_scalar("gap/both, %", self.gaps.both, counts.played)
            self._log.add_scalar("gap/allocation, %", self.gaps.allocation, counts.played)
            self._log.add_scalar("cost/cpu_s", counts.cpu_s, counts.played)

    def _words(self) -> str:
        training = self.training
        phase = "allocation alone" if training.warming_up else "both timescales"
        words = f"{training.counts.played}/{training.length} steps, {training.counts.cpu_s:.0f} CPU s, {phase}"
        if self.gaps is not None:
            words += f"; validation gap {self.gaps.both:.3f} %, of the allocation {self.gaps.allocation:.3f} %"
        return words


def _writer(log: Path | None) -> Any:
    """A TensorBoard writer, or None where no log is asked for; a line says so if it is not installed."""
    if log is None:
        return None
    if find_spec("tensorboard") is None:
        print("t2bench: no curves: not installed: pip install tensorboard", file=sys.stderr)
        return None
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(log))
