"""A table in plain text."""

from __future__ import annotations

from collections.abc import Container, Sequence


def aligned(lines: Sequence[Sequence[str]], left: Container[int] = (0,)) -> str:
    """The lines with their columns below one another: those at the places ``left`` to the left, others to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            text.ljust(width) if place in left else text.rjust(width) for place, (text, width) in enumerate(cells)
        ).rstrip()
        for cells in (zip(line, widths, strict=True) for line in lines)
    )
