"""The exit codes of the command, on which scripts depend."""

from __future__ import annotations

DONE = 0
NO = 1
"""The answer is no: infeasible, a failed cell, a bound that does not hold, stores that differ."""
BAD_INPUT = 2
INTERRUPTED = 130
"""By Ctrl-C, as shells have it: 128 and the number of the signal."""
