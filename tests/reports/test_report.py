"""The files of a report."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from problems.io.errors import InputError
from reports import report
from reports.report import write_report
from tests.reports.cells import cell
from tests.reports.everything import ANCHORS, FIGURES, TABLES, everything
from tests.reports.pages import check_links, read_page
from tests.reports.records import Record, record

FIGURE_FILES = {f"figures/{name}.{kind}" for name in FIGURES for kind in ("png", "svg", "pdf")}
TABLE_FILES = {f"tables/{name}.{kind}" for name in TABLES for kind in ("csv", "md", "tex")}


def files_of(directory: Path) -> dict[str, bytes]:
    """By its path within the directory, every file."""
    paths = [path for path in directory.rglob("*") if path.is_file()]
    return {str(path.relative_to(directory)): path.read_bytes() for path in paths}


def test_all_files_are_there_and_no_temporary_one(full_report: Path) -> None:
    expected = {"index.html", "report.md", "tables/cells.csv", *FIGURE_FILES, *TABLE_FILES}
    assert files_of(full_report).keys() == expected


def test_every_chapter_has_its_place_in_the_page_and_in_the_markdown(full_report: Path) -> None:
    page = read_page(full_report / "index.html")
    check_links(page)
    assert [anchor for anchor in page.ids if anchor in ANCHORS] == list(ANCHORS)
    text = (full_report / "report.md").read_text(encoding="utf-8")
    for title in ("Ranks", "Profiles", "Anytime", "Growth", "Learners", "Convergence", "Measured curves", "Sweeps"):
        assert f"\n## {title}" in text


def test_cells_are_written_without_their_long_texts(full_report: Path) -> None:
    cells = pd.read_csv(full_report / "tables" / "cells.csv")
    assert len(cells) == len(everything())
    assert not {"learning_curves", "events", "stderr_tail", "violations"} & set(cells)


def test_two_reports_on_the_same_cells_are_the_same_bytes(
    full_report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the order of the rows. Other kinds than SVG follow from the same drawing, and take longer."""
    monkeypatch.setattr("reports.drawing.figure.KINDS", ("svg",))
    write_report(Record(pd.DataFrame(everything()).sample(frac=1.0, random_state=5)), tmp_path)
    others = (".png", ".pdf")
    first = {name: content for name, content in files_of(full_report).items() if not name.endswith(others)}
    assert first == files_of(tmp_path)


def test_without_an_answer_there_is_no_figure_and_none_of_an_earlier_report_stays(tmp_path: Path) -> None:
    for name in ("mine.txt", "figures/mine.png", *FIGURE_FILES, *TABLE_FILES):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("earlier")
    write_report(record([cell("a", "i", None, status="crash")]), tmp_path)
    always = ("solvers", "leaders", "references", "contradictions", "failures", "not-tried")
    left = {f"tables/{name}.{kind}" for name in always for kind in ("csv", "md", "tex")}
    files = files_of(tmp_path)
    assert files.keys() == {"index.html", "report.md", "tables/cells.csv", "mine.txt", "figures/mine.png", *left}
    assert [name for name, content in files.items() if content == b"earlier"] == ["mine.txt", "figures/mine.png"]


def test_an_empty_store_is_refused(tmp_path: Path) -> None:
    empty = pd.DataFrame([cell("a", "i", 2.0)]).head(0)
    with pytest.raises(InputError, match=r"hand-made\.sqlite: holds no cells"):
        write_report(Record(empty), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file"):
        write_report(record([cell("a", "i", None, status="crash")]), tmp_path / "file" / "out")


def test_a_failure_on_the_way_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_report(record([cell("old", "i", None, status="crash")]), tmp_path)
    before = files_of(tmp_path)

    def broken(*_: object) -> None:
        raise RuntimeError("no page")

    monkeypatch.setattr(report, "render", broken)
    with pytest.raises(RuntimeError):
        write_report(record([cell("new", "i", None, status="crash")]), tmp_path)
    assert files_of(tmp_path) == before
