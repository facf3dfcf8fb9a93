"""A report: from a store to the page, the figures and the tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from problems.io.errors import InputError
from problems.io.files import write_bytes
from reports.chapters.anytime import chapter as anytime
from reports.chapters.chapter import Chapter, ChapterModule
from reports.chapters.convergence import chapter as convergence
from reports.chapters.demand import chapter as demand
from reports.chapters.growth import chapter as growth
from reports.chapters.latency_and_quality import chapter as latency_and_quality
from reports.chapters.learners import chapter as learners
from reports.chapters.overview import figures as overview_figures
from reports.chapters.overview.chapter import Overview, overview_of
from reports.chapters.overview.tables import cell_data
from reports.chapters.profiles import chapter as profiles
from reports.chapters.ranks import chapter as ranks
from reports.chapters.sweeps import chapter as sweeps
from reports.chapters.timescales import chapter as timescales
from reports.drawing.figure import Figure
from reports.drawing.style import KINDS
from reports.drawing.worker import Worker
from reports.page.explorer import explorer_data
from reports.page.rendering import Drawn, render
from reports.study.machines import measured
from reports.study.study import ReadableStore, Study, read_study
from reports.writing.table import Table, csv_text, latex, markdown

CHAPTERS: tuple[ChapterModule, ...] = (
    *(ranks, profiles, anytime, growth),
    *(timescales, latency_and_quality),
    *(learners, convergence, demand, sweeps),
)
"""In the order of their sections and plots."""
FIGURES = (*overview_figures.NAMES, *(module.FIGURE for module in CHAPTERS if module.FIGURE is not None))
"""The stems of the files of all figures that a report may have."""
_SOMETIMES = {f"figures/{name}.{kind}" for name in FIGURES for kind in KINDS} | {
    f"tables/{name}.{kind}" for module in CHAPTERS for name in module.TABLES for kind in ("csv", "md", "tex")
}
"""Files that depend on what the study holds."""


def write_report(store: ReadableStore, directory: Path) -> Path:
    """Write ``index.html``, ``report.md``, ``figures/`` and ``tables/``; the path of the page.

    Everything is made before anything is written, each file is old or whole, and the page comes last.
    The same store gives the same bytes. Raises InputError when the store holds no cells or the
    directory cannot be written.
    """
    study = read_study(store)
    chapters: list[Chapter] = []
    drawing: dict[str, Worker[dict[str, bytes]]] = {}
    # The last chapters first: their figures are the largest, and are drawn while the report goes on.
    for module in reversed(CHAPTERS):
        chapters.insert(0, module.chapter(study))
        drawing |= _begun(chapters[0].figures)
    overview = overview_of(study, [chapter.headline for chapter in chapters if chapter.headline])
    drawing |= _begun(overview.figures)
    explorer = explorer_data(study, [*overview.plots, *(plot for chapter in chapters for plot in chapter.plots)])
    drawn = {name: worker.result() for name, worker in drawing.items()}
    page, text = render(study, overview, chapters, drawn, explorer)
    _write(directory, _figure_files(drawn) | _table_files(study, overview, chapters))
    write_bytes(directory / "report.md", text.encode())
    write_bytes(directory / "index.html", page.encode())
    return directory / "index.html"


def _begun(figures: Iterable[Figure]) -> dict[str, Worker[dict[str, bytes]]]:
    return {figure.name: Worker(figure.files) for figure in figures}


def _figure_files(drawn: Drawn) -> dict[str, bytes]:
    return {f"figures/{name}.{kind}": content for name, files in drawn.items() for kind, content in files.items()}


def _table_files(study: Study, overview: Overview, chapters: Iterable[Chapter]) -> dict[str, bytes]:
    """By name, the tables' files; those of a chapter that have the same stem share them."""
    note = measured(study)
    texts = {"tables/solvers.csv": csv_text(study.summary), "tables/cells.csv": csv_text(cell_data(study))}
    texts |= _printed("solvers", overview.solvers, note)
    single = (overview.leaders, overview.references, overview.contradictions, overview.failures, overview.not_tried)
    by_name = {table.name: [table] for table in single}
    for section in (chapter.section for chapter in chapters if chapter.section is not None):
        for table in (*section.tables, *section.long_tables):
            by_name.setdefault(table.name, []).append(table)
    for name, tables in by_name.items():
        texts[f"tables/{name}.csv"] = csv_text(pd.concat([table.data for table in tables], ignore_index=True))
        texts |= _printed(name, tables, note)
    return {name: text.encode() for name, text in texts.items()}


def _printed(name: str, tables: Sequence[Table], note: str) -> dict[str, str]:
    """The tables of one stem for Markdown and for LaTeX; the note ends every caption."""
    noted = [replace(table, caption=f"{table.caption} {note}") for table in tables]
    return {
        f"tables/{name}.md": "\n".join(f"# {table.title}\n\n{markdown(table)}\n{table.caption}\n" for table in noted),
        f"tables/{name}.tex": "\n".join(map(latex, noted)),
    }


def _write(directory: Path, files: dict[str, bytes]) -> None:
    """Write the files, and remove those that an earlier report left and this one does not have."""
    for folder in (directory, directory / "figures", directory / "tables"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder}: cannot be made: {(error.strerror or str(error)).lower()}") from None
    for name, content in files.items():
        write_bytes(directory / name, content)
    for name in _SOMETIMES - files.keys():
        (directory / name).unlink(missing_ok=True)
