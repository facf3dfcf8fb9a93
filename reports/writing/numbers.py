"""How figures, intervals and lists are written in tables and sentences."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from problems.tolerances import OPTIMALITY_TOLERANCE

MISSING = "–"
"""Stands where there is no figure."""
DAGGER = "†"
"""Marks a mean over an incomplete set."""
UNKNOWN = "unknown"
"""Stands for a gap of which nothing is known."""
PERCENT = "\u00a0%"
"""The sign in a sentence, kept on the line of its number."""


def fixed(value: float, digits: int) -> str:
    """A number with fixed decimals; what rounds to 0 has no sign."""
    return MISSING if math.isnan(value) else "∞" if math.isinf(value) else f"{round(value, digits) + 0.0:.{digits}f}"


def significant(value: float, digits: int = 3) -> str:
    """A positive number with so many significant digits, never in exponent form below a million."""
    if math.isnan(value):
        return MISSING
    if value == 0 or not 1e-6 <= abs(value) < 1e6:
        return f"{value:.{digits}g}"
    return f"{value:.{max(0, digits - 1 - math.floor(math.log10(abs(value))))}f}"


def gap_percent(fraction: float) -> str:
    """A gap in per cent: ``0`` within the contract's tolerance of the optimum, never a rounded 0 above it."""
    if math.isnan(fraction):
        return MISSING
    if fraction <= OPTIMALITY_TOLERANCE:
        return "0"
    return "<0.001" if fraction < 0.5e-5 else fixed(100 * fraction, 3 if fraction < 0.01 else 2)


def points(value: float) -> str:
    """A difference of two gaps in percentage points."""
    return MISSING if not math.isfinite(value) else fixed(value, 3 if abs(value) < 1 else 2)


def percent_interval(low: float, high: float) -> str:
    """A gap in per cent as the interval that holds it: one number, ``low to high``, ``≥ low``, or ``unknown``.

    Every gap is at least 0, so an interval from 0 without an end says nothing.
    """
    first, last = gap_percent(low), gap_percent(high)
    if first == last:
        return first
    if math.isinf(high):
        return UNKNOWN if first == "0" else f"≥ {first}"
    return f"{first} to {last}"


def gain_interval(low: float, high: float) -> str:
    """A captured gain in per cent as the interval that holds it."""
    first, last = fixed(100 * low, 1), fixed(100 * high, 1)
    return first if first == last else f"{first} to {last}"


def between(low: float, high: float, show: Callable[[float], str]) -> str:
    """An interval by its ends, each as ``show`` writes it; missing without one."""
    return MISSING if math.isnan(low) else f"{show(low)} to {show(high)}"


def interval_name(confidence: float) -> str:
    """What an interval with this confidence, a fraction, is called."""
    return f"{100 * confidence:g}{PERCENT} interval"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """``1 cell``, ``2 cells``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
