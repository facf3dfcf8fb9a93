"""The page and the Markdown report, from templates in ``page/assets``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from reports.chapters.chapter import Chapter
from reports.chapters.overview.story import Story
from reports.chapters.overview.tables import Tables
from reports.drawing.compact import script_json
from reports.drawing.figure import Figure
from reports.drawing.inline_svg import inline
from reports.study.caveats import limits
from reports.study.facts import facts
from reports.study.machines import limits_of_cells, machines, period, versions
from reports.study.study import Study
from reports.writing.glossary import GLOSSARY
from reports.writing.numbers import counted
from reports.writing.table import Column, Table, escape_markdown, markdown, row_anchor

SHOWN_ROWS = 500
"""A longer table is cut on the page; its CSV file is whole."""
_SCRIPTS = (
    *("address.js", "elements.js", "scales.js", "marks.js", "drawing.js", "plots.js", "cells.js", "cell.js"),
    *("instances.js", "start.js"),
)
"""Of the page, each after those that it uses at once."""


@dataclass(frozen=True)
class Shown:
    """A table as the templates take it."""

    name: str
    anchor: str
    title: str
    caption: str
    columns: tuple[Column, ...]
    rows: list[list[str]]
    markdown: str
    left_out: int

    @property
    def shown(self) -> int:
        """The number of rows on the page."""
        return len(self.rows)


@dataclass(frozen=True)
class Drawing:
    """A figure as the templates take it."""

    name: str
    title: str
    caption: str
    svg: Markup


@dataclass(frozen=True)
class Told:
    """A chapter as the templates take it."""

    anchor: str
    title: str
    findings: list[str]
    figure: Drawing | None
    method: str
    tables: list[Shown]


def render(
    study: Study,
    tables: Tables,
    figures: list[Figure],
    chapters: list[Chapter],
    story: Story,
    explorer: dict[str, Any],
) -> tuple[str, str]:
    """``index.html`` and ``report.md``; ``explorer`` is the data of the page's scripts."""
    context = _context(study, tables, figures, story) | {"chapters": [_told(chapter) for chapter in chapters]}
    page, text = (_templates().get_template(name) for name in ("index.html.jinja", "report.md.jinja"))
    # Inside a script element nothing is escaped; script_json keeps the element whole.
    scripted = {"data": Markup(script_json(explorer)), "scripts": Markup(_scripts())}
    return page.render(context | scripted), text.render(context)


def _scripts() -> str:
    folder = resources.files("reports.page") / "assets"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in _SCRIPTS)


def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports.page", "assets"),
        autoescape=lambda name: name is None or not name.endswith(".md.jinja"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = escape_markdown
    environment.globals["row_anchor"] = row_anchor
    return environment


def _context(study: Study, tables: Tables, figures: list[Figure], story: Story) -> dict[str, Any]:
    return {
        "title": _title(study),
        "subtitle": _subtitle(study),
        "contradictions": _shown_if_any(tables.contradictions),
        "story": story.sentences,
        "leaders": _shown_if_any(story.leaders),
        "facts": facts(study),
        "solvers": [_shown(table, f"solvers-{n}" if n else "solvers") for n, table in enumerate(tables.solvers)],
        "figures": [_drawing(figure) for figure in figures],
        "references": _shown(tables.references, "references"),
        "failures": _shown_if_any(tables.failures),
        "not_tried": _shown_if_any(tables.not_tried),
        "glossary": GLOSSARY,
        "limits": limits(study),
        "measured": _measured(study),
    }


def _title(study: Study) -> str:
    solvers = counted(study.cells["label"].nunique(), "solver")
    return f"{solvers} on {counted(len(study.references), 'instance')}"


def _subtitle(study: Study) -> str:
    matrices = ", ".join(sorted(study.cells["matrix"].astype(str).unique()))
    return f"t2bench report on {matrices}. Every figure was recomputed by one judge from the solvers' decisions."


def _measured(study: Study) -> list[tuple[str, str]]:
    facts = [
        ("Machine", "; ".join(machines(study))),
        ("Versions", "; ".join(versions(study))),
        ("Limits", limits_of_cells(study)),
        ("Cells started", period(study)),
    ]
    return [(word, fact) for word, fact in facts if fact]


def _told(chapter: Chapter) -> Told:
    figure = None if chapter.figure is None else _drawing(chapter.figure)
    tables = [_shown(table, f"{chapter.anchor}-{n}") for n, table in enumerate(chapter.tables, start=1)]
    return Told(chapter.anchor, chapter.title, chapter.findings, figure, chapter.method, tables)


def _drawing(figure: Figure) -> Drawing:
    description = f"{figure.title}. {figure.caption}"
    # Drawn by matplotlib and serialised as XML, which escapes all text in it.
    return Drawing(
        figure.name, figure.title, figure.caption, Markup(inline(figure.contents["svg"], figure.name, description))
    )


def _shown_if_any(table: Table) -> Shown | None:
    return _shown(table, table.name) if len(table.data) else None


def _shown(table: Table, anchor: str) -> Shown:
    return Shown(
        name=table.name,
        anchor=anchor,
        title=table.title,
        caption=table.caption,
        columns=table.columns,
        rows=table.rows(SHOWN_ROWS),
        markdown=markdown(table, SHOWN_ROWS),
        left_out=max(0, len(table.data) - SHOWN_ROWS),
    )
