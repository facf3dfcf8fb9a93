"""Figures: the same bytes, no clashing names, nothing on top of a name."""

from __future__ import annotations

import itertools
import re
import warnings
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas

from reports.chapters.overview.figures import NAMES, figures
from reports.chapters.overview.gap_against_time import front
from reports.drawing.figure import Figure
from reports.drawing.inline_svg import inline
from reports.drawing.labels import name_points
from reports.drawing.panels import Mean
from reports.drawing.style import marks
from reports.study.study import study_of
from reports.study.summary import summarise
from tests.reports.conftest import MakeCell


def drawn(rows: pd.DataFrame) -> list[Figure]:
    study = study_of(rows)
    return figures(study, summarise(study))


@pytest.fixture(scope="module")
def busy_figures(busy: pd.DataFrame) -> list[Figure]:
    return drawn(busy)


@pytest.mark.slow
def test_the_same_cells_give_the_same_bytes(busy: pd.DataFrame, busy_figures: list[Figure]) -> None:
    first, second = busy_figures, drawn(busy.sample(frac=1.0, random_state=3))
    assert tuple(figure.name for figure in first) == NAMES
    for one, other in zip(first, second, strict=True):
        assert set(one.contents) == {"png", "svg", "pdf"}
        assert one.contents == other.contents


def test_svgs_name_all_solvers_as_text_and_hold_no_date_or_version(
    busy: pd.DataFrame, busy_figures: list[Figure]
) -> None:
    for figure in busy_figures:
        texts = {
            element.text
            for element in ElementTree.fromstring(figure.contents["svg"]).iter("{http://www.w3.org/2000/svg}text")
        }
        assert set(busy["label"]) <= texts
        assert b"<metadata" not in figure.contents["svg"]


def test_long_names_are_cut_and_leave_room_for_what_they_name(busy: pd.DataFrame) -> None:
    rows = busy.assign(label=busy["label"] + " " + "x" * 90, family=busy["family"].map(lambda name: name + "y" * 60))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures_of_long = drawn(rows)
        texts = [figure.contents["svg"].decode() for figure in figures_of_long]
    assert texts
    assert all("x" * 40 not in text and "y" * 40 not in text and "…" in text for text in texts)


def test_pdfs_hold_their_fonts_and_no_date_or_version(busy_figures: list[Figure]) -> None:
    for figure in busy_figures:
        pdf = figure.contents["pdf"]
        assert b"/FontFile2" in pdf
        assert b"/Type3" not in pdf
        assert not any(word in pdf for word in (b"/CreationDate", b"/Producer", b"/Creator"))


def test_captions_say_how_much_was_measured_and_where(busy_figures: list[Figure]) -> None:
    for figure in busy_figures:
        assert (
            "12 instances, 115 solved cells. Solvers ran with 1 seed each, on Example CPU (2 cores)." in figure.caption
        )


def test_inline_svgs_share_no_id_and_refer_to_their_own(busy_figures: list[Figure]) -> None:
    seen: set[str] = set()
    for figure in busy_figures:
        text = inline(figure.contents["svg"], figure.name, "a description")
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert not seen & set(ids)
        seen |= set(ids)
        assert set(re.findall(r"(?:url\(|href=\")#([^\")]+)", text)) <= set(ids)
        assert 'aria-label="a description"' in text
        assert "currentColor" in text


def test_without_an_answer_there_is_no_figure(cell: MakeCell) -> None:
    assert drawn(pd.DataFrame([cell("a", "i", None, status="crash")])) == []


def test_a_solver_without_an_answer_in_a_family_is_said_to_have_none(cell: MakeCell) -> None:
    rows = [cell("a", "i", 2.0), cell("b", "i", None, status="crash"), cell("a", "j", 2.0, family="tiny")]
    for figure in drawn(pd.DataFrame(rows)):
        assert b"no answer" in figure.contents["svg"]
    assert b"not tried" in drawn(pd.DataFrame(rows))[1].contents["svg"]


def test_marks_differ_and_depend_on_the_set_of_labels_alone() -> None:
    labels = [f"solver {number}" for number in range(42)]
    given = marks(labels)
    assert len(set(given.values())) == 42
    assert marks(reversed(labels)) == given
    lines = [(mark.colour, mark.dash) for mark in given.values()]
    assert len(set(lines[:24])) == 24


def test_the_front_is_what_none_beats() -> None:
    fast, both, slow, beaten = (
        Mean("fast", 1.0, 3.0, 3.0, {}, True),
        Mean("both", 2.0, 1.0, 1.0, {}, True),
        Mean("slow", 3.0, 0.0, 0.0, {}, True),
        Mean("beaten", 3.0, 2.0, 2.0, {}, True),
    )
    partial = Mean("partial", 0.1, 0.0, 0.0, {}, False)
    assert front([slow, beaten, partial, both, fast]) == [fast, both, slow]


def test_names_lie_on_no_point_and_no_name() -> None:
    canvas = Canvas(figsize=(5, 4))
    axes = canvas.add_subplot()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    points = [(0.1 + 0.3 * (n % 3), 0.2 + 0.02 * n, f"solver number {n}") for n in range(9)]
    canvas.draw_without_rendering()
    assert name_points(axes, points)
    canvas.draw_without_rendering()
    boxes = [super(type(note), note).get_window_extent() for note in axes.texts]
    assert len(boxes) == 9
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    spots = axes.transData.transform([(x, y) for x, y, _ in points])
    assert not any(box.contains(*spot) for box in boxes for spot in spots)


def test_a_name_beside_another_point_is_led_to_its_own() -> None:
    canvas = Canvas(figsize=(5, 4))
    axes = canvas.add_subplot()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    canvas.draw_without_rendering()
    assert name_points(axes, [(0.5, 0.5, "alone")])
    assert axes.texts[0].arrow_patch is None
    assert name_points(axes, [(0.5, 0.5, "in between")], nameless=[(0.46, 0.5), (0.54, 0.5)])
    assert axes.texts[1].arrow_patch is not None


def test_names_without_room_are_not_written_at_all() -> None:
    canvas = Canvas(figsize=(1.5, 1.5))
    axes = canvas.add_subplot()
    canvas.draw_without_rendering()
    assert not name_points(axes, [(0.5, 0.5, f"a rather long name {n}") for n in range(20)])
    assert not axes.texts


@pytest.mark.parametrize("solvers", [30, 60])
def test_many_solvers_are_drawn_and_said_to_be_cut(cell: MakeCell, solvers: int) -> None:
    rows = [cell(f"solver-{n:03}", "i", 2.0 + 0.01 * n, solve_s=1.0 + n) for n in range(solvers)]
    scatter, dots, bars = drawn(pd.DataFrame(rows))
    assert "crowded" in scatter.caption
    assert ("The first 40 of 60 solvers" in dots.caption) == (solvers == 60)
    assert ("The first 40 of 60 solvers" in bars.caption) == (solvers == 60)
