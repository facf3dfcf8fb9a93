"""What the report tells of one subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from reports.drawing.figure import Figure
from reports.drawing.plot import Plot
from reports.study.study import Study
from reports.writing.table import Table


@dataclass(frozen=True)
class Part:
    """Some words of a sentence."""

    text: str
    anchor: str = ""
    """The place on the page of the row that backs them, if they are a link."""


Sentence = tuple[Part, ...]


@dataclass(frozen=True)
class Section:
    """The printed part of a chapter."""

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


@dataclass(frozen=True)
class Chapter:
    """A section, where the study has what it tells of, and plots for the page, which say what they lack."""

    anchor: str
    """The section's place on the page; also begins those of its tables."""
    section: Section | None
    plots: list[Plot] = field(default_factory=list)
    headline: Sentence | None = None
    """What the story at the beginning says of the subject."""

    @property
    def figures(self) -> list[Figure]:
        """The section's figure, if there is one."""
        return [self.section.figure] if self.section is not None and self.section.figure is not None else []


class ChapterModule(Protocol):
    """The file ``chapter.py`` of a chapter's folder."""

    @property
    def FIGURE(self) -> str | None:
        """The stem of the figure's files; None where the chapter never has one."""

    @property
    def TABLES(self) -> tuple[str, ...]:
        """The stems of the tables' files."""

    def chapter(self, study: Study) -> Chapter:
        """The chapter on a study, which may lack what its section needs."""
