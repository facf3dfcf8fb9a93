"""Growth: known exponents are found again, nothing that was stopped is dropped, and one size makes no chapter."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from problems.families.sizes import Sizes, join
from reports.chapters.growth.chapter import chapter as growth_chapter
from reports.chapters.growth.measure import Axis, axes_of, fits, medians, power_law
from reports.report import write_report
from reports.study.study import Study, study_of
from t2bench.cli.main import main
from tests.reports.conftest import MakeCell, Row
from tests.reports.test_report import HIDDEN_SVG, Page, record

BASE = Sizes(models=10, users=10, slots=10, frames=1)


def sized_row(cell: MakeCell, label: str, seconds: float | None, seed: int = 0, **columns: Any) -> Row:
    """A cell of an instance of other sizes; the sizes are among the columns, by default those of BASE."""
    sizes = BASE._replace(**{field: columns.pop(field) for field in Sizes._fields if field in columns})
    family = join(columns.pop("family", "paper"), sizes)
    columns = {"family": family, "scenario_seed": seed, "solve_s": seconds, **sizes._asdict()} | columns
    return cell(label, f"{family}-s{seed}-t0", columns.pop("cost", 2.0), **columns)


def along(cell: MakeCell, label: str, dimension: str, times: dict[int, list[float]], **columns: Any) -> list[Row]:
    """Cells along one dimension: a size, then the seconds of each instance of it."""
    return [
        sized_row(cell, label, seconds, seed, **{dimension: size}, **columns)
        for size, several in times.items()
        for seed, seconds in enumerate(several)
    ]


def study(rows: list[Row]) -> Study:
    return study_of(pd.DataFrame(rows))


def only_axis(rows: list[Row]) -> Axis:
    (axis,) = axes_of(study(rows))
    return axis


@pytest.mark.parametrize("exponent", [-0.5, 0.0, 1.0, 2.7])
def test_an_exact_power_law_is_found(exponent: float) -> None:
    sizes = [5, 10, 20, 40, 40]
    fit = power_law(sizes, [0.03 * size**exponent for size in sizes])
    assert fit.exponent == pytest.approx(exponent, abs=1e-12)
    assert fit.std_error == pytest.approx(0, abs=1e-9)
    assert math.isnan(fit.r_squared) or exponent == 0 or fit.r_squared == pytest.approx(1)


def test_the_interval_holds_the_exponent_nineteen_times_out_of_twenty() -> None:
    random = np.random.default_rng(11)
    sizes = np.repeat([5, 10, 20, 40, 80], 3)
    held = 0
    for _ in range(1000):
        fit = power_law(sizes.tolist(), (0.01 * sizes**1.5 * np.exp(random.normal(0, 0.4, sizes.size))).tolist())
        held += fit.low <= 1.5 <= fit.high
    assert 930 <= held <= 970


def test_the_fit_is_that_of_an_independent_routine() -> None:
    from scipy.stats import linregress

    sizes, seconds = [4, 8, 8, 16, 32], [0.1, 0.25, 0.2, 0.9, 1.1]
    fit, other = power_law(sizes, seconds), linregress(np.log(sizes), np.log(seconds))
    assert (fit.exponent, fit.std_error) == pytest.approx((other.slope, other.stderr))
    assert fit.r_squared == pytest.approx(other.rvalue**2)


@pytest.mark.parametrize(("sizes", "seconds"), [([5, 10, 10], [1, 2, 2]), ([1, 2, 3], [1, 0, 2]), ([], [])])
def test_too_few_sizes_and_times_that_have_no_logarithm_are_refused(sizes: list[int], seconds: list[float]) -> None:
    with pytest.raises(ValueError, match="sizes"):
        power_law(sizes, seconds)


def test_exponents_are_those_of_the_cells_with_the_other_sizes_equal(cell: MakeCell) -> None:
    rows = along(cell, "a", "models", {m: [0.001 * m**2, 0.002 * m**2] for m in (5, 10, 20)})
    rows += along(cell, "a", "users", {20: [0.08]})
    rows += along(cell, "a", "models", {m: [9.0] for m in (7, 9)}, slots=3)
    axis = only_axis(rows)
    assert (axis.family, axis.dimension, axis.sizes) == ("paper", "models", [5, 10, 20])
    assert axis.base == BASE._replace(models=5)
    (fit,) = fits(axis).to_dict("records")
    assert fit["exponent"] == pytest.approx(2)
    assert fit["last_exponent"] == pytest.approx(2)
    assert (fit["sizes"], fit["completed"], fit["censored"], fit["failed"], fit["not_tried"]) == (3, 6, 0, 0, 0)


def test_a_plain_family_is_one_of_the_sizes(cell: MakeCell) -> None:
    rows = along(cell, "a", "frames", {t: [0.1 * t] for t in (5, 20)})
    own = BASE._replace(frames=10)._asdict()
    rows.append(cell("a", "paper-s0-t0", 2.0, family="paper", solve_s=1.0, **own))
    axis = only_axis(rows)
    assert (axis.dimension, axis.sizes) == ("frames", [5, 10, 20])
    assert study(rows).families == ["paper", "paper in other sizes"]


def test_what_was_stopped_is_counted_and_left_out_of_the_fit(cell: MakeCell) -> None:
    rows = along(cell, "a", "users", {n: [0.01 * n] * 3 for n in (5, 10, 20)})
    rows += [
        sized_row(cell, "a", 20.4, 0, users=40, status="timeout", cost=None),
        sized_row(cell, "a", 20.0, 1, users=40, status="timeout"),
        sized_row(cell, "a", 19.5, 2, users=40),
        sized_row(cell, "a", 3.0, 0, users=80, status="crash", cost=None),
        sized_row(cell, "a", None, 1, users=80, status="skipped", cost=None),
        sized_row(cell, "a", 0.8, 2, users=80, status="optimal"),
    ]
    (fit,) = fits(only_axis(rows)).to_dict("records")
    assert (fit["sizes"], fit["completed"], fit["censored"], fit["failed"], fit["not_tried"]) == (4, 10, 3, 1, 1)
    assert fit["exponent"] == pytest.approx(1)
    assert fit["last_exponent"] == pytest.approx(1)
    points = medians(only_axis(rows), "a").set_index("size")
    assert points["seconds"].to_dict() == pytest.approx({5: 0.05, 10: 0.1, 20: 0.2, 40: 20.0, 80: 20.0})
    assert points["stopped"].to_dict() == {5: 0, 10: 0, 20: 0, 40: 3, 80: 1}
    assert list(points.index[points["censored"]]) == [40, 80]


def test_without_three_completed_sizes_there_is_a_reason_in_place_of_an_exponent(cell: MakeCell) -> None:
    rows = along(cell, "a", "slots", {5: [0.1], 10: [0.2]})
    rows += [sized_row(cell, "a", None, slots=20, status="timeout", cost=None, wall_s=21.0)]
    rows += along(cell, "b", "slots", {5: [0.1], 10: [0.2], 20: [0.4]})
    found = growth_chapter(study(rows))
    assert found is not None
    (table,) = found.tables
    first, second = table.rows()
    assert first[:3] == ["b", "1.00", "1.00 to 1.00"]
    assert second[:5] == ["a", "–", "–", "–", "1.00"]
    assert second[-1] == "completed at 2 of 3 sizes; needs 3"


@pytest.mark.parametrize("sizes", [(10,), (10, 20)])
def test_with_fewer_than_three_sizes_there_is_no_chapter(cell: MakeCell, sizes: tuple[int, ...]) -> None:
    assert growth_chapter(study(along(cell, "a", "models", {m: [0.1] for m in sizes}))) is None


def test_the_growth_of_an_earlier_report_does_not_stay(cell: MakeCell, tmp_path: Path) -> None:
    write_report(record(along(cell, "a", "models", {m: [0.1] for m in (5, 10, 20)})), tmp_path)
    names = ("figures/time-against-size.png", "figures/time-against-size.svg", "tables/growth.csv", "tables/growth.md")
    assert all((tmp_path / name).is_file() for name in names)
    page = write_report(record([cell("a", "i", 2.0)]), tmp_path).read_text(encoding="utf-8")
    assert not any((tmp_path / name).exists() for name in names)
    assert "growth" not in page.lower()


def test_sizes_that_change_together_are_no_dimension(cell: MakeCell) -> None:
    rows = [sized_row(cell, "a", 0.1, models=n, users=n, slots=n) for n in (5, 10, 20, 40)]
    assert growth_chapter(study(rows)) is None


def test_where_nobody_tried_there_is_no_chapter(cell: MakeCell) -> None:
    rows = along(cell, "a", "models", {m: [0.1] for m in (5, 10, 20)}, status="skipped", cost=None)
    assert growth_chapter(study(rows)) is None


def test_families_stand_in_order_and_sizes_by_their_numbers(cell: MakeCell) -> None:
    rows = [sized_row(cell, "a", 0.1, models=m) for m in (160, 20, 5)] + [cell("a", "small-s0-t0", 2.0)]
    made = study(rows)
    assert made.families == ["small", "paper in other sizes"]
    assert [int(m) for m in made.cells["models"]] == [3, 5, 20, 160]


def test_two_families_and_all_dimensions_are_drawn(cell: MakeCell) -> None:
    rows: list[Row] = []
    for family in ("paper", "drift"):
        for dimension in ("models", "slots") if family == "paper" else ("models",):
            for label, exact in (("a", True), ("b", False)):
                times = {size: [0.01 * size] for size in (5, 10, 20)}
                rows += along(cell, label, dimension, times, family=family, exact=exact)
    found = growth_chapter(study(rows))
    assert found is not None
    assert found.figure is not None
    assert [table.title for table in found.tables] == [
        "paper: solve time against M",
        "paper: solve time against K",
        "drift: solve time against M",
    ]
    for words in (b"paper: exact", b"paper: hindsight", b"drift: exact", b"M, models", b"K, slots a frame"):
        assert words in found.figure.contents["svg"]


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
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {target[1:] for target in parsed.targets if target.startswith("#")} <= set(parsed.ids)
    drawn = len(list(Path("report/figures").glob("*.svg")))
    assert parsed.seen.count("svg") == drawn + HIDDEN_SVG
    assert "## Growth" in text
    assert "Instances of tiny with M = 2, 3, 8 and N = 2, K = 2, T = 1." in text
    assert len(list(Path("report/figures").glob("time-against-size.*"))) == 3
    table = pd.read_csv("report/tables/growth.csv")
    assert sorted(zip(table["dimension"], table["label"], table["sizes"], table["completed"], strict=True)) == [
        (dimension, label, 3, 6) for dimension in ("models", "users") for label in ("greedy-popularity", "none+equal")
    ]
    assert table["exponent"].between(-3, 3).all()
