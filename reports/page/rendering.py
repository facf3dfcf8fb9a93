"""The page and the Markdown report, from templates in ``page/assets``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from reports.chapters.chapter import Chapter, Section
from reports.chapters.overview.chapter import Overview
from reports.drawing.compact import script_json
from reports.drawing.figure import Figure
from reports.page.inline_svg import inline
from reports.study.caveats import caveats
from reports.study.machines import limits_of_cells, machines, period, versions
from reports.study.study import Study
from reports.writing.glossary import GLOSSARY
from reports.writing.numbers import counted
from reports.writing.table import Column, Table, escape_markdown, markdown, row_anchor

Drawn = Mapping[str, Mapping[str, bytes]]
"""By the names of figures, their files by kind."""
SHOWN_ROWS = 500
"""A longer table is cut on the page; its CSV file is whole."""
_SCRIPTS = (
    *("address.js", "elements.js", "scales.js", "marks.js", "drawing.js", "plots.js", "cells.js", "cell.js"),
    *("instances.js", "start.js"),
)
"""Of the page, each after those that it uses at once."""


@dataclass(frozen=True)
class TableView:
    """A table as the templates take it."""

    name: str
    anchor: str
    title: str
    caption: str
    columns: tuple[Column, ...]
    rows: list[list[str]]
    """Those on the page."""
    markdown: str
    left_out: int
    """How many more rows its files have."""


@dataclass(frozen=True)
class FigureView:
    """A figure as the templates take it."""

    name: str
    title: str
    caption: str
    svg: Markup


@dataclass(frozen=True)
class SectionView:
    """A chapter's section as the templates take it."""

    anchor: str
    title: str
    findings: list[str]
    figure: FigureView | None
    method: str
    tables: list[TableView]


def render(
    study: Study,
    overview: Overview,
    chapters: Sequence[Chapter],
    drawn: Drawn,
    explorer: dict[str, Any],
) -> tuple[str, str]:
    """``index.html`` and ``report.md``; ``explorer`` is the data of the page's scripts.

    A figure that is not among those ``drawn`` is left out.
    """
    context = _context(study, overview, drawn) | {
        "chapters": [_section(one.anchor, one.section, drawn) for one in chapters if one.section is not None]
    }
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


def _context(study: Study, overview: Overview, drawn: Drawn) -> dict[str, Any]:
    return {
        "title": _title(study),
        "subtitle": _subtitle(study),
        "contradictions": _table_if_any(overview.contradictions),
        "story": overview.story,
        "leaders": _table_if_any(overview.leaders),
        "facts": overview.facts,
        "solvers": [_table(table, f"solvers-{n}" if n else "solvers") for n, table in enumerate(overview.solvers)],
        "figures": [_figure(figure, drawn) for figure in overview.figures if figure.name in drawn],
        "references": _table(overview.references, "references"),
        "failures": _table_if_any(overview.failures),
        "not_tried": _table_if_any(overview.not_tried),
        "glossary": GLOSSARY,
        "limits": caveats(study),
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


def _section(anchor: str, section: Section, drawn: Drawn) -> SectionView:
    figure = section.figure
    # No two places of the page share a name, and the chapter's own place may have that of the figure's files.
    place = f"{anchor}-figure" if figure is not None and figure.name == anchor else None
    return SectionView(
        anchor=anchor,
        title=section.title,
        findings=section.findings,
        figure=None if figure is None or figure.name not in drawn else _figure(figure, drawn, place),
        method=section.method,
        tables=[_table(table, f"{anchor}-{n}") for n, table in enumerate(section.tables, start=1)],
    )


def _figure(figure: Figure, drawn: Drawn, place: str | None = None) -> FigureView:
    description = f"{figure.title}. {figure.caption}"
    # Drawn by matplotlib and serialised as XML, which escapes all text in it.
    svg = Markup(inline(drawn[figure.name]["svg"], place or figure.name, description))
    return FigureView(figure.name, figure.title, figure.caption, svg)


def _table_if_any(table: Table) -> TableView | None:
    return _table(table, table.name) if len(table.data) else None


def _table(table: Table, anchor: str) -> TableView:
    return TableView(
        name=table.name,
        anchor=anchor,
        title=table.title,
        caption=table.caption,
        columns=table.columns,
        rows=table.rows(SHOWN_ROWS),
        markdown=markdown(table, SHOWN_ROWS),
        left_out=max(0, len(table.data) - SHOWN_ROWS),
    )
