"""The files of a report."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from problems.io.errors import InputError
from reports import report
from reports.report import write_report
from tests.reports.conftest import MakeCell
from tests.reports.records import Record, record

VOID = {"meta", "link", "br", "hr", "img", "input"}
SCRIPTS = 2
"""The page's data and its code."""
HIDDEN_SVG = 1
"""Lends its namespace to the drawings that scripts make."""


class Page(HTMLParser):
    """Checks that every element that is opened is closed, and collects what the page says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        values = dict(attrs)
        self.ids += [value for key, value in attrs if key == "id" and value]
        self.targets += [value for key in ("href", "src") if (value := values.get(key))]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def read_page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def busy_report(tmp_path_factory: pytest.TempPathFactory, busy: pd.DataFrame) -> tuple[Path, pd.DataFrame]:
    directory = tmp_path_factory.mktemp("busy") / "made" / "on the way"
    return write_report(Record(busy), directory).parent, busy


def test_all_files_are_there_and_no_temporary_one(busy_report: tuple[Path, pd.DataFrame]) -> None:
    directory, _ = busy_report
    files = {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}
    drawn = ("gap-against-time", "gap-per-family", "cost-split", "average-ranks", "performance-profiles")
    figures = {f"figures/{name}.{kind}" for name in drawn for kind in ("png", "svg", "pdf")}
    names = ("solvers", "leaders", "references", "contradictions", "failures", "not-tried", "ranks", "rank-pairs")
    names += ("profiles",)
    tables = {f"tables/{name}.{kind}" for name in names for kind in ("csv", "md", "tex")}
    assert files == {"index.html", "report.md", "tables/cells.csv", *figures, *tables}


def test_the_page_is_well_formed_and_needs_no_network(busy_report: tuple[Path, pd.DataFrame]) -> None:
    directory, frame = busy_report
    text = (directory / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert page.seen.count("script") == SCRIPTS
    assert all(target.startswith("#") or target == "data:," for target in page.targets)
    assert {target[1:] for target in page.targets if target.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert page.seen.count("svg") == 5 + HIDDEN_SVG
    assert all(label in page.text for label in frame["label"])


def test_the_page_and_the_markdown_tell_the_same(busy_report: tuple[Path, pd.DataFrame]) -> None:
    directory, frame = busy_report
    page = read_page(directory / "index.html").text
    text = (directory / "report.md").read_text(encoding="utf-8")
    for words in (
        "115 ended with a feasible solution",
        "Limits of the study",
        "exit code 3",
        "Solvers ran with 1 seed each, on Example CPU",
    ):
        assert words in page
        assert words in text
    table = text[text.index("## Solvers") :].split("\n\n")[1].splitlines()
    assert {line.split(" | ")[0].removeprefix("| ").replace("\\", "") for line in table[2:]} == set(frame["label"])
    assert len({line.count("|") for line in table}) == 1


def test_two_reports_on_the_same_cells_are_the_same_bytes(
    busy_report: tuple[Path, pd.DataFrame], tmp_path: Path
) -> None:
    directory, frame = busy_report
    write_report(Record(frame.sample(frac=1.0, random_state=5)), tmp_path)
    for path in directory.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / path.relative_to(directory)).read_bytes(), path.name


def test_contradictions_come_first(cell: MakeCell, tmp_path: Path) -> None:
    rows = [cell("liar", "i", 2.2, lower_bound=2.2), cell("good", "i", 2.0, lower_bound=2.0)]
    page = read_page(write_report(record(rows), tmp_path)).text
    assert page.index("Contradictions") < page.index("2 cells: 2 solvers")
    assert "Contradictions" in (tmp_path / "report.md").read_text().split("## Overview")[0]


def test_no_contradictions_are_not_mentioned(cell: MakeCell, tmp_path: Path) -> None:
    assert "Contradictions" not in read_page(write_report(record([cell("a", "i", 2.0)]), tmp_path)).text


@pytest.mark.filterwarnings("error")
def test_hostile_names_are_shown_as_they_are(cell: MakeCell, tmp_path: Path) -> None:
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


def test_only_failures(cell: MakeCell, tmp_path: Path) -> None:
    rows = [cell("a", "i", None, status="crash", error="boom"), cell("b", "i", None, status="skipped", error="no")]
    page = read_page(write_report(record(rows), tmp_path))
    assert page.seen.count("svg") == HIDDEN_SVG
    assert "nothing to draw" in page.text
    assert "boom" in page.text
    assert "nan" not in page.text.lower().split()


def test_figures_of_an_earlier_report_do_not_stay(cell: MakeCell, tmp_path: Path) -> None:
    write_report(record([cell("a", "i", 2.0)]), tmp_path)
    assert len(list((tmp_path / "figures").iterdir())) == 9
    write_report(record([cell("a", "i", None, status="crash")]), tmp_path)
    assert not list((tmp_path / "figures").iterdir())


def test_one_row_says_what_is_missing(cell: MakeCell, tmp_path: Path) -> None:
    page = read_page(write_report(record([cell("a", "i", 2.0)]), tmp_path)).text
    assert "≥ 0" not in page
    assert "unknown" in page
    assert "1 instance without a complete answer of the cloud alone" in page
    assert "No optimum is certified on any of 1 instance" in page


def test_a_long_table_is_cut_on_the_page_and_whole_in_its_file(
    cell: MakeCell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.page.rendering.SHOWN_ROWS", 3)
    rows = [cell("a", f"i{n}", None, status="crash") for n in range(5)]
    page = read_page(write_report(record(rows), tmp_path)).text
    assert "The first 3 of 5 rows; all stand in tables/failures.csv." in page
    assert len(pd.read_csv(tmp_path / "tables" / "failures.csv")) == 5


def test_an_empty_store_is_refused(cell: MakeCell, tmp_path: Path) -> None:
    empty = pd.DataFrame([cell("a", "i", 2.0)]).head(0)
    with pytest.raises(InputError, match=r"hand-made\.sqlite: holds no cells"):
        write_report(Record(empty), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_directory_that_cannot_be_made_is_refused(cell: MakeCell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file"):
        write_report(record([cell("a", "i", 2.0)]), tmp_path / "file" / "out")


def test_a_failure_on_the_way_leaves_the_old_report(
    cell: MakeCell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(record([cell("old", "i", 2.0)]), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def broken(*_: object) -> None:
        raise RuntimeError("no page")

    monkeypatch.setattr(report, "render", broken)
    with pytest.raises(RuntimeError):
        write_report(record([cell("new", "i", 2.0)]), tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_the_css_knows_dark_pages_and_phones(busy_report: tuple[Path, pd.DataFrame]) -> None:
    text = (busy_report[0] / "index.html").read_text()
    assert "prefers-color-scheme: dark" in text
    assert re.search(r'<meta name="viewport" content="width=device-width', text)
