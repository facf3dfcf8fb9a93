"""A table: data with a way to show it, as text cells, Markdown, LaTeX or CSV."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

_LATEX = {letter: f"\\{letter}" for letter in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "\u00a0": "~",
    "≥": r"\ensuremath{\geq}",
    "≤": r"\ensuremath{\leq}",
    "≈": r"\ensuremath{\approx}",
    "∞": r"\ensuremath{\infty}",
    "²": r"\textsuperscript{2}",
    "†": r"\textdagger{}",
}
"""What LaTeX does not show as it stands."""


@dataclass(frozen=True)
class Column:
    """One shown column."""

    heading: str
    show: Callable[[Any], str]
    """From a row (a named tuple of the table's data) to its text."""
    kind: str = "text"
    """``text``, ``label`` (text that never wraps), ``number`` or ``code``."""


@dataclass(frozen=True)
class Table:
    """Data and its shown columns; the first shown column names the row."""

    name: str
    """The stem of its files; those with the same stem share them."""
    title: str
    caption: str
    """What was measured and over what."""
    data: pd.DataFrame
    columns: tuple[Column, ...]

    def rows(self, limit: int | None = None) -> list[list[str]]:
        """The shown text, row by row, at most ``limit`` rows."""
        shown = self.data if limit is None else self.data.head(limit)
        return [[column.show(row) for column in self.columns] for row in shown.itertuples(index=False)]


def row_anchor(anchor: str, place: int) -> str:
    """The place on the page of a row of the table at ``anchor``, counted from 0."""
    return f"{anchor}-row-{place + 1}"


def markdown(table: Table, limit: int | None = None) -> str:
    """The table in Markdown, without its title and caption."""
    heads = [escape_markdown(column.heading) for column in table.columns]
    rules = ["---:" if column.kind == "number" else "---" for column in table.columns]
    body = [
        [
            code_markdown(text) if column.kind == "code" else escape_markdown(text)
            for text, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows(limit)
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in [heads, rules, *body]) + "\n"


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return re.sub(r"([\\`*_\[\]<>|~$&])", r"\\\1", " ".join(text.split()))


def code_markdown(text: str) -> str:
    """Text as code in a cell of a Markdown table."""
    text = " ".join(text.split()).replace("|", "\\|")
    if not text:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def latex(table: Table) -> str:
    """The table for LaTeX with its title and caption: needs ``booktabs``, ``longtable`` and ``[T1]{fontenc}``.

    Every text is shown as it is; nothing in it is a command.
    """
    kinds = "".join("r" if column.kind == "number" else "l" for column in table.columns)
    heads = " & ".join(escape_latex(column.heading) for column in table.columns)
    body = [" & ".join(_latex_cell(*cell) for cell in zip(row, table.columns, strict=True)) for row in table.rows()]
    caption = f"{escape_latex(table.title)}. {escape_latex(table.caption)}"
    lines = [
        f"\\begin{{longtable}}{{@{{}}{kinds}@{{}}}}",
        f"\\caption{{{caption}}}\\\\",
        *("\\toprule", f"{heads} \\\\", "\\midrule", "\\endhead", "\\bottomrule", "\\endlastfoot"),
        *(f"{line} \\\\" for line in body),
        "\\end{longtable}",
    ]
    return "\n".join(lines) + "\n"


def _latex_cell(text: str, column: Column) -> str:
    shown = escape_latex(text)
    # A bracket after the end of a row would be read as its option.
    shown = f"{{{shown}}}" if shown.startswith(("[", "*")) else shown
    return f"\\texttt{{{shown}}}" if column.kind == "code" and shown else shown


def escape_latex(text: str) -> str:
    """Text that LaTeX (T1 encoding, UTF-8) shows as it is, on one line; nothing in it is a command."""
    line = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip(" ")
    escaped = "".join(_LATEX.get(letter, letter) for letter in line)
    return re.sub("-(?=-)", "-{}", escaped)  # Two hyphens would be a dash.


def csv_text(data: pd.DataFrame) -> str:
    """The data as CSV with the shortest decimals that read back to the same numbers."""
    columns = [[_quoted(str(name)), *_fields(values)] for name, values in data.items()]
    return "".join(f"{line}\n" for line in map(",".join, zip(*columns, strict=True)))


def _fields(values: pd.Series) -> list[str]:
    """Each value as a field, empty where it is missing; a text that occurs often is quoted once."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "bif":
        return ["" if value != value else str(value) for value in values.tolist()]
    texts = ["" if missing else str(value) for value, missing in zip(values.tolist(), values.isna(), strict=True)]
    quoted = {text: _quoted(text) for text in set(texts)}
    return [quoted[text] for text in texts]


def _quoted(text: str) -> str:
    escaped = text.replace('"', '""')
    return f'"{escaped}"' if re.search('[,"\r\n]', text) else text
