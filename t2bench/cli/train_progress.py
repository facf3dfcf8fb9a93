"""How far a training is: a bar or lines on standard error, the excess on validation traces, and TensorBoard's log."""

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

from t2drl.training.loop import Training
from t2drl.training.recorder import CurveRecorder

SAVE_EVERY_S = 15.0
"""At least so many seconds lie between two times that an unfinished training is worth saving."""


class TrainProgress:
    """Records the learning curve, and says so; takes Ctrl-C as a wish to stop after the present frame."""

    def __init__(self, training: Training, log: Path | None) -> None:
        self.training = training
        self.interrupted = False
        self._recorder = CurveRecorder(training)
        self._log = _writer(log)
        self._saved = time.monotonic()
        self._bar: Progress | None = None
        self._task = TaskID(0)
        self._handler: Any = None

    def __enter__(self) -> Self:
        self._handler = signal.signal(signal.SIGINT, self._stop)
        console = Console(stderr=True)
        if console.is_terminal:
            columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=console)
            self._task = self._bar.add_task(self._line(), total=self.training.length)
            self._bar.start()
        self.after_frame()
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

    def after_frame(self) -> bool:
        """Record and print a point of the curve if one is due, at the start too. Returns whether it is time to save."""
        training = self.training
        if self._bar is not None:
            self._bar.update(self._task, completed=training.counts.played)
        if not self._recorder.record_if_due():
            return False
        self._print()
        if training.done or time.monotonic() - self._saved < SAVE_EVERY_S:
            return False
        self._saved = time.monotonic()
        return True

    def _print(self) -> None:
        counts = self.training.counts
        if self._bar is not None:
            self._bar.update(self._task, description=self._line())
        else:
            print(self._line(), file=sys.stderr, flush=True)
        if self._log is not None and self.training.curve:
            last = self.training.curve[-1]
            self._log.add_scalar("excess/both, %", last.excess_pct, counts.played)
            self._log.add_scalar("excess/allocation, %", last.allocation_pct, counts.played)
            self._log.add_scalar("cost/cpu_s", counts.cpu_s, counts.played)

    def _line(self) -> str:
        training = self.training
        phase = "allocation alone" if training.warming_up else "both timescales"
        words = f"{training.counts.played}/{training.length} steps, {training.counts.cpu_s:.0f} CPU s, {phase}"
        if training.curve:
            last = training.curve[-1]
            words += f"; validation gap {last.excess_pct:.3f} %, of the allocation {last.allocation_pct:.3f} %"
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
