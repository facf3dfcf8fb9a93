"""The report as files: the page, the figures, the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pandas as pd

from problems.io.errors import InputError
from problems.io.files import write_bytes
from reports.chapters.anytime import chapter as anytime_chapter
from reports.chapters.chapter import Chapter
from reports.chapters.convergence import chapter as convergence_chapter
from reports.chapters.demand import chapter as demand_chapter
from reports.chapters.growth import chapter as growth_chapter
from reports.chapters.learners import chapter as learners_chapter
from reports.chapters.overview import figures
from reports.chapters.overview.story import story_of
from reports.chapters.overview.tables import Tables, cell_data, tables_of
from reports.chapters.profiles import chapter as profiles_chapter
from reports.chapters.ranks import chapter as ranks_chapter
from reports.chapters.sweeps import chapter as sweeps_chapter
from reports.drawing.figure import Figure
from reports.drawing.style import KINDS
from reports.page.decisions import Answers
from reports.page.explorer import explorer_data
from reports.page.rendering import render
from reports.study.machines import measured
from reports.study.study import COLUMNS, Study, study_of
from reports.study.summary import summarise
from reports.writing.table import Table, csv_text, latex, markdown

CHAPTERS = (
    ranks_chapter,
    profiles_chapter,
    anytime_chapter,
    growth_chapter,
    learners_chapter,
    convergence_chapter,
    demand_chapter,
    sweeps_chapter,
)
_DRAWN = (*figures.NAMES, *(chapter.FIGURE for chapter in CHAPTERS))
_SOMETIMES = {f"figures/{name}.{kind}" for name in _DRAWN for kind in KINDS}
_SOMETIMES |= {
    f"tables/{name}.{kind}" for chapter in CHAPTERS for name in chapter.TABLES for kind in ("csv", "md", "tex")
}
"""What an earlier report may have left and this one may not have."""


class Record(Answers, Protocol):
    """What a report needs of a store."""

    @property
    def location(self) -> str:
        """The store's path or address, for messages."""

    def rows(self, *names: str) -> pd.DataFrame:
        """One row a cell with these columns."""


def write_report(store: Record, directory: Path) -> Path:
    """Write ``index.html``, ``report.md``, ``figures/`` and ``tables/``; the path of the page.

    Everything is made before anything is written, each file is old or whole, and the page comes last.
    The same store gives the same bytes. Raises InputError when the store holds no cells or the
    directory cannot be written.
    """
    rows = store.rows(*COLUMNS)
    if rows.empty:
        raise InputError(f"{store.location}: holds no cells; there is nothing to report")
    study = study_of(rows)
    summary = summarise(study)
    # The last chapters first: their figures are the largest, and are drawn while the report goes on.
    told = [chapter.chapter(study) for chapter in reversed(CHAPTERS)]
    chapters = [chapter for chapter in reversed(told) if chapter is not None]
    drawn = figures.figures(study, summary)
    tables = tables_of(study, summary)
    story = story_of(study, summary)
    page, text = render(study, tables, drawn, chapters, story, explorer_data(study, summary, store))
    drawn += [chapter.figure for chapter in chapters if chapter.figure is not None]
    files = {**_figure_files(drawn), **_table_files(study, summary, tables, story.leaders)}
    for chapter in chapters:
        files |= _chapter_files(chapter, measured(study))
    for folder in (directory, directory / "figures", directory / "tables"):
        _make(folder)
    for name, content in files.items():
        write_bytes(directory / name, content)
    for name in _SOMETIMES - files.keys():
        (directory / name).unlink(missing_ok=True)
    write_bytes(directory / "report.md", text.encode())
    write_bytes(directory / "index.html", page.encode())
    return directory / "index.html"


def _figure_files(drawn: Iterable[Figure]) -> dict[str, bytes]:
    return {f"figures/{f.name}.{kind}": content for f in drawn for kind, content in f.contents.items()}


def _table_files(study: Study, summary: pd.DataFrame, tables: Tables, leaders: Table) -> dict[str, bytes]:
    texts = {"tables/solvers.csv": csv_text(summary), "tables/cells.csv": csv_text(cell_data(study))}
    note = measured(study)
    texts |= _shown("solvers", tables.solvers, note)
    for table in (leaders, tables.references, tables.contradictions, tables.failures, tables.not_tried):
        texts[f"tables/{table.name}.csv"] = csv_text(table.data)
        texts |= _shown(table.name, [table], note)
    return {name: text.encode() for name, text in texts.items()}


def _chapter_files(chapter: Chapter, note: str) -> dict[str, bytes]:
    by_name: dict[str, list[Table]] = {}
    for table in (*chapter.tables, *chapter.long_tables):
        by_name.setdefault(table.name, []).append(table)
    texts = {}
    for name, tables in by_name.items():
        texts[f"tables/{name}.csv"] = csv_text(pd.concat([table.data for table in tables], ignore_index=True))
        texts |= _shown(name, tables, note)
    return {name: text.encode() for name, text in texts.items()}


def _shown(name: str, tables: Sequence[Table], note: str) -> dict[str, str]:
    """The tables of one stem as they are read, for Markdown and for LaTeX; the note ends every caption."""
    kinds = {"md": _section, "tex": latex}
    noted = [replace(table, caption=f"{table.caption} {note}") for table in tables]
    return {f"tables/{name}.{kind}": "\n".join(map(show, noted)) for kind, show in kinds.items()}


def _section(table: Table) -> str:
    return f"# {table.title}\n\n{markdown(table)}\n{table.caption}\n"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made: {(error.strerror or str(error)).lower()}") from None
