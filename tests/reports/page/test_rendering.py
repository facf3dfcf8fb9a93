"""The page: well-formed, of one piece, and with every name as it is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from reports.report import write_report
from tests.reports.cells import Row, cell
from tests.reports.everything import FIGURES, everything
from tests.reports.pages import HIDDEN_SVG, SCRIPTS, Page, check_links, read_page
from tests.reports.records import page_alone, record


def page_of(rows: list[Row], directory: Path) -> Page:
    """The page of these cells, without figures."""
    return read_page(page_alone(record(rows), directory))


def test_it_is_well_formed_and_needs_no_network(full_report: Path) -> None:
    text = (full_report / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert page.seen.count("script") == SCRIPTS
    assert all(target.startswith("#") or target == "data:," for target in page.targets)
    check_links(page)
    assert page.seen.count("svg") == len(FIGURES) + HIDDEN_SVG
    assert all(row["label"] in page.text for row in everything())


def test_the_page_and_the_markdown_tell_the_same(full_report: Path) -> None:
    page = read_page(full_report / "index.html").text
    text = (full_report / "report.md").read_text(encoding="utf-8")
    rows = everything()
    solved = sum(row["cost"] is not None for row in rows)
    for words in (
        f"{solved} ended with a feasible solution, 1 failed (1 crash).",
        "Limits of the study",
        "exit code 3; last words",
        "Solvers ran with 1 to 3 seeds, on Example CPU",
    ):
        assert words in page
        assert words in text
    table = text[text.index("## Solvers") :].split("\n\n")[1].splitlines()
    assert {line.split(" | ")[0].removeprefix("| ").replace("\\", "") for line in table[2:]} == {
        row["label"] for row in rows
    }
    assert len({line.count("|") for line in table}) == 1


def test_contradictions_come_first(tmp_path: Path) -> None:
    rows = [cell("liar", "i", 2.2, lower_bound=2.2), cell("good", "i", 2.0, lower_bound=2.0)]
    page = page_of(rows, tmp_path).text
    assert page.index("Contradictions") < page.index("2 cells: 2 solvers")
    assert "Contradictions" in (tmp_path / "report.md").read_text().split("## Overview")[0]


def test_one_row_says_what_is_missing_and_no_more(tmp_path: Path) -> None:
    page = page_of([cell("a", "i", 2.0)], tmp_path).text
    assert "≥ 0" not in page
    assert "unknown" in page
    assert "1 instance without a complete answer of the cloud alone" in page
    assert "No optimum is certified on any of 1 instance" in page
    assert "Contradictions" not in page


@pytest.mark.filterwarnings("error")
def test_hostile_names_are_shown_as_they_are(tmp_path: Path) -> None:
    label, family = '最適 $x$ <b onclick="x">&|', "家族 <i>"
    rows = [
        cell(label, "i", 2.0, family=family, command="echo `a` | <b>"),
        cell("x", "i", None, family=family, status="crash", error="</td><script>alert(1)</script>"),
    ]
    page = read_page(write_report(record(rows), tmp_path))
    assert page.seen.count("script") == SCRIPTS
    assert "b" not in page.seen
    assert label in page.text
    assert family in page.text
    assert "</td><script>alert(1)</script>" in page.text


def test_only_failures(tmp_path: Path) -> None:
    rows = [cell("a", "i", None, status="crash", error="boom"), cell("b", "i", None, status="skipped", error="no")]
    page = page_of(rows, tmp_path)
    assert page.seen.count("svg") == HIDDEN_SVG
    assert "nothing to draw" in page.text
    assert "boom" in page.text
    assert "nan" not in page.text.lower().split()


def test_a_long_table_is_cut_and_leads_to_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.page.rendering.SHOWN_ROWS", 3)
    rows = [cell("a", f"i{n}", None, status="crash") for n in range(5)]
    page = read_page(write_report(record(rows), tmp_path)).text
    assert "The first 3 of 5 rows; all stand in tables/failures.csv." in page
    assert len(pd.read_csv(tmp_path / "tables" / "failures.csv")) == 5


def test_the_css_knows_dark_pages_and_phones(full_report: Path) -> None:
    text = (full_report / "index.html").read_text()
    assert "prefers-color-scheme: dark" in text
    assert '<meta name="viewport" content="width=device-width' in text
