"""The chapter Growth: one size makes none, and each solver has an exponent or the reason why not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from reports.chapters.growth.chapter import chapter
from t2bench.cli.main import main
from tests.reports.cells import study_from
from tests.reports.chapters.growth.sizes import along, sized_row
from tests.reports.pages import HIDDEN_SVG, Page, check_links


@pytest.mark.parametrize("sizes", [(10,), (10, 20)])
def test_with_fewer_than_three_sizes_there_is_no_chapter(sizes: tuple[int, ...]) -> None:
    assert chapter(study_from(along("a", "models", {m: [0.1] for m in sizes}))).section is None


def test_sizes_that_change_together_are_no_dimension() -> None:
    rows = [sized_row("a", 0.1, models=n, users=n, slots=n) for n in (5, 10, 20, 40)]
    assert chapter(study_from(rows)).section is None


def test_where_nobody_tried_there_is_no_chapter() -> None:
    rows = along("a", "models", {m: [0.1] for m in (5, 10, 20)}, status="skipped", cost=None)
    assert chapter(study_from(rows)).section is None


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
