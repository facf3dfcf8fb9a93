"""A measurement that takes seconds, and ways to interrupt it."""

from __future__ import annotations

from problems.calibration.experiment.networks import Variant

TINY = Variant("tiny", width=8, updates=12, batch=8)


class Stop(Exception):
    """In place of a user's Ctrl-C."""


def silent(line: str) -> None:
    """Nobody listens."""
