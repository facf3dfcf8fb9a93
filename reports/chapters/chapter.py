"""A chapter of the report: there where the study has what it tells of."""

from __future__ import annotations

from dataclasses import dataclass, field

from reports.drawing.figure import Figure
from reports.writing.table import Table


@dataclass(frozen=True)
class Chapter:
    """What the report says of one subject."""

    anchor: str
    """Its place on the page; also begins those of its tables."""
    title: str
    method: str
    """How the figures are found and what they cannot say."""
    findings: list[str]
    """Sentences."""
    figure: Figure | None
    tables: list[Table]
    """Those of the same name share files."""
    long_tables: list[Table] = field(default_factory=list)
    """In files alone."""
