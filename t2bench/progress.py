"""How far a run or a check is, on standard error: a bar or a line on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.status import Status

from benchmarks.process.outcome import NOT_TRIED
from benchmarks.store.row import Row

_LINE_EVERY_S = 5.0


class RunProgress:
    """Counts rows and shows the counts, with an estimate of the time left."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._counts: Counter[str] = Counter()
        self._last_line = time.monotonic()
        self._began: float | None = None
        """When the first row was there: what came before, such as compiling, is done once."""
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        console = Console(stderr=True)
        if console.is_terminal:
            columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=console)
            self._task = self._bar.add_task(self._words(), total=self._total)
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()
        elif self._counts.total():
            self._line()

    def count(self, row: Row) -> None:
        """One more row is stored."""
        kind = "failed" if row.failed else "skipped" if row.status in NOT_TRIED else "done"
        self._counts[kind] += 1
        if self._began is None:
            self._began = self._last_line = time.monotonic()
        if self._bar is not None:
            self._bar.update(self._task, advance=1, description=self._words())
        elif time.monotonic() - self._last_line >= _LINE_EVERY_S and self._counts.total() < self._total:
            self._line()

    def _words(self) -> str:
        counts = self._counts
        return f"{counts.total()}/{self._total} cells, {counts['failed']} failed, {counts['skipped']} skipped"

    def _line(self) -> None:
        self._last_line = time.monotonic()
        elapsed, done = self._last_line - (self._began or self._last_line), self._counts.total()
        left = elapsed / max(done - 1, 1) * (self._total - done)
        print(f"{self._words()}; {elapsed:.0f} s, about {left:.0f} s left", file=sys.stderr, flush=True)


class CheckProgress:
    """Shows which check asks the solver about which case."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._status = Status("", console=console) if console.is_terminal else None
        self._last_line: float | None = None
        """When the last line was printed, or the solver first asked."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hide()

    def show(self, check: str, case: str) -> None:
        """The solver is about to be asked."""
        if self._status is not None:
            self._status.update(f"{check}: {case}")
            self._status.start()
            return
        if self._last_line is None:
            self._last_line = time.monotonic()
        if time.monotonic() - self._last_line >= _LINE_EVERY_S:
            self._last_line = time.monotonic()
            print(f"{check}: {case}", file=sys.stderr, flush=True)

    def hide(self) -> None:
        """Leave the terminal, and standard output, to something else for a while."""
        if self._status is not None:
            self._status.stop()
