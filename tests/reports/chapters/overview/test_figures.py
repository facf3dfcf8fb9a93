"""The figures of the overview: every solver by its name, also long ones, many, and those without an answer."""

from __future__ import annotations

import warnings
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from reports.chapters.overview.figures import NAMES, figures
from reports.drawing.figure import Figure
from reports.study.study import study_of
from tests.reports.cells import cell
from tests.reports.drawings import svg_of
from tests.reports.everything import everything


def figures_of(rows: pd.DataFrame) -> list[Figure]:
    return figures(study_of(rows))


def test_svgs_name_all_solvers_as_text_and_hold_no_date_or_version(full_report: Path) -> None:
    labels = {row["label"] for row in everything()}
    for name in NAMES:
        svg = (full_report / "figures" / f"{name}.svg").read_bytes()
        texts = {element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}
        assert labels <= texts
        assert b"<metadata" not in svg


def test_long_names_are_cut_and_leave_room_for_what_they_name(busy: pd.DataFrame) -> None:
    rows = busy.assign(label=busy["label"] + " " + "x" * 90, family=busy["family"].map(lambda name: name + "y" * 60))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        texts = [svg_of(figure).decode() for figure in figures_of(rows)]
    assert texts
    assert all("x" * 40 not in text and "y" * 40 not in text and "…" in text for text in texts)


def test_pdfs_hold_their_fonts_and_no_date_or_version(full_report: Path) -> None:
    for name in NAMES:
        pdf = (full_report / "figures" / f"{name}.pdf").read_bytes()
        assert b"/FontFile2" in pdf
        assert b"/Type3" not in pdf
        assert not any(word in pdf for word in (b"/CreationDate", b"/Producer", b"/Creator"))


def test_captions_say_how_much_was_measured_and_where(busy: pd.DataFrame) -> None:
    found = figures_of(busy)
    assert tuple(figure.name for figure in found) == NAMES
    measured = "12 instances, 115 solved cells. Solvers ran with 1 seed each, on Example CPU (2 cores)."
    assert all(measured in figure.caption for figure in found)


def test_without_an_answer_there_is_no_figure() -> None:
    assert figures_of(pd.DataFrame([cell("a", "i", None, status="crash")])) == []


def test_a_solver_without_an_answer_in_a_family_is_said_to_have_none() -> None:
    rows = [cell("a", "i", 2.0), cell("b", "i", None, status="crash"), cell("a", "j", 2.0, family="tiny")]
    svgs = [svg_of(figure) for figure in figures_of(pd.DataFrame(rows))]
    assert all(b"no answer" in svg for svg in svgs)
    assert b"not tried" in svgs[1]


@pytest.mark.parametrize("solvers", [30, 60])
def test_many_solvers_are_drawn_and_said_to_be_cut(solvers: int) -> None:
    rows = [cell(f"solver-{n:03}", "i", 2.0 + 0.01 * n, solve_s=1.0 + n) for n in range(solvers)]
    scatter, dots, bars = figures_of(pd.DataFrame(rows))
    assert "crowded" in scatter.caption
    assert ("The first 40 of 60 solvers" in dots.caption) == (solvers == 60)
    assert ("The first 40 of 60 solvers" in bars.caption) == (solvers == 60)
    assert b"solver-000" in svg_of(scatter)
