"""The chapter Growth: one size makes none, and each solver has an exponent or the reason why not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from reports.chapters.growth.chapter import chapter
from t2bench.cli.main import main
from tests.reports.cells import Row, study_from
from tests.reports.chapters.growth.sizes import along, sized_row
from tests.reports.pages import HIDDEN_SVG, Page, check_links
from tests.reports.sections import drawn, section_of


def test_without_three_completed_sizes_there_is_a_reason_in_place_of_an_exponent() -> None:
    rows = along("a", "slots", {5: [0.1], 10: [0.2]})
    rows += [sized_row("a", None, slots=20, status="timeout", cost=None, wall_s=21.0)]
    rows += along("b", "slots", {5: [0.1], 10: [0.2], 20: [0.4]})
    found = section_of(chapter, rows)
    (table,) = found.tables
    first, second = table.rows()
    assert first[:3] == ["b", "1.00", "1.00 to 1.00"]
    assert second[:5] == ["a", "–", "–", "–", "1.00"]
    assert second[-1] == "completed at 2 of 3 sizes; needs 3"


@pytest.mark.parametrize("sizes", [(10,), (10, 20)])
def test_with_fewer_than_three_sizes_there_is_no_chapter(sizes: tuple[int, ...]) -> None:
    assert chapter(study_from(along("a", "models", {m: [0.1] for m in sizes}))).section is None


def test_sizes_that_change_together_are_no_dimension() -> None:
    rows = [sized_row("a", 0.1, models=n, users=n, slots=n) for n in (5, 10, 20, 40)]
    assert chapter(study_from(rows)).section is None


def test_where_nobody_tried_there_is_no_chapter() -> None:
    rows = along("a", "models", {m: [0.1] for m in (5, 10, 20)}, status="skipped", cost=None)
    assert chapter(study_from(rows)).section is None


def test_two_families_and_all_dimensions_are_drawn() -> None:
    rows: list[Row] = []
    for family in ("paper", "drift"):
        for dimension in ("models", "slots") if family == "paper" else ("models",):
            for label, exact in (("a", True), ("b", False)):
                times = {size: [0.01 * size] for size in (5, 10, 20)}
                rows += along(label, dimension, times, family=family, exact=exact)
    found = section_of(chapter, rows)
    assert [table.title for table in found.tables] == [
        "paper: solve time against M",
        "paper: solve time against K",
        "drift: solve time against M",
    ]
    svg = drawn(found)
    for words in (b"paper: exact", b"paper: hindsight", b"drift: exact", b"M, models", b"K, slots a frame"):
        assert words in svg


@pytest.mark.slow
def test_a_scaling_matrix_is_run_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    one_frame = {"family": "tiny", "frames": 1}
    families = [{**one_frame, "models": [2, 3, 8]}, {**one_frame, "users": [1, 2, 4]}]
    matrix = {"format": "t2bench-matrix", "version": 1, "name": "grown", "families": families, "trace_seeds": "0-1"}
    matrix |= {"solvers": ["greedy-popularity", "none+equal"], "time_limit_s": 30}
    Path("grown.yaml").write_text(yaml.safe_dump(matrix))
    assert main(["run", "grown.yaml", "--jobs", "2"]) == 0
    assert main(["report", "grown.sqlite", "-o", "report"]) == 0
    capsys.readouterr()
    page, text = (Path("report", name).read_text(encoding="utf-8") for name in ("index.html", "report.md"))
    assert 'href="#growth"' in page
    parsed = Page(page)
    check_links(parsed)
    figures = list(Path("report/figures").glob("*.svg"))
    assert parsed.seen.count("svg") == len(figures) + HIDDEN_SVG
    assert "## Growth" in text
    assert "Instances of tiny with M = 2, 3, 8 and N = 2, K = 2, T = 1." in text
    assert len(list(Path("report/figures").glob("time-against-size.*"))) == 3
    table = pd.read_csv("report/tables/growth.csv")
    assert sorted(zip(table["dimension"], table["label"], table["sizes"], table["completed"], strict=True)) == [
        (dimension, label, 3, 6) for dimension in ("models", "users") for label in ("greedy-popularity", "none+equal")
    ]
    assert table["exponent"].between(-3, 3).all()
