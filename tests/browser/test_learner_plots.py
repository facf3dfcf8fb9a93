"""The plots of learners in a real browser: learning curves over the optimum, and when training pays off."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.reports.agents import curve, falling, trained_by
from tests.reports.cells import cell
from tests.reports.records import page_alone, record

pytest.importorskip("playwright", reason="playwright: not installed: pip install 't2bench[test]'")
from tests.browser.chromium import opened

pytestmark = pytest.mark.slow

SIZES = [{"width": 1280, "height": 900}, {"width": 390, "height": 800}]
OUTSIDE = """() => {
  const within = document.querySelector("#plots-canvas svg").getBoundingClientRect();
  const texts = [...document.querySelectorAll("#plots-canvas text")].map((text) => text.getBoundingClientRect());
  return texts.filter(({ left, top, right, bottom }) =>
    left < within.left || top < within.top || right > within.right || bottom > within.bottom).length;
}"""
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll("#plots-canvas .axis text")].map((text) => text.getBoundingClientRect());
  return boxes.flatMap((one, n) => boxes.slice(n + 1).filter((other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)).length;
}"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two agents with learning curves on ``small``, and one on ``tiny`` that was not measured."""
    rows = []
    for family in ("small", "tiny"):
        for trace in range(2):
            at = {"family": family, "trace_seed": trace}
            name = f"{family}-t{trace}"
            rows.append(cell("exhaustive", name, 2.0, lower_bound=2.0, status="optimal", solve_s=3.0, **at))
            rows.append(cell("online-optimal", name, 2.02, solve_s=1.0, **at))
            for seed in range(2):
                course = curve(*falling(1.0 + seed)) if family == "small" else None
                agent = trained_by((f"{family}-{seed}", course))
                rows.append(cell("t2drl", name, 2.1, solve_s=0.5, seed=seed, repetition=seed, **at, **agent))
    return page_alone(record(rows), tmp_path_factory.mktemp("page"))


def heights(page: Any, solver: str) -> list[float]:
    """Of the places that the solver's line joins, in pixels from the top."""
    path = page.locator(f"#plots-canvas [data-solver={solver}] .line").get_attribute("d")
    return [float(up) for up in re.findall(r"[ML][\d.]+ ([\d.]+)", path)]


def test_agents_come_down_to_the_optimum_at_0(browser: Any, page_file: Path) -> None:
    with opened(browser, page_file, "#plots?plot=learning-curves") as (page, wrongs):
        drawn = page.locator("#plots-canvas [data-solver]").evaluate_all("all => all.map((g) => g.dataset.solver)")
        assert drawn == ["exhaustive", "online-optimal", "t2drl"]
        assert page.locator("#plots-table tbody th").all_text_contents() == drawn
        assert page.locator("#plots-canvas svg").get_attribute("aria-label").startswith("Learning curves: 3 solvers.")
        zero = float(page.locator("#plots-canvas .axis").nth(1).get_by_text("0", exact=True).get_attribute("y")) - 4
        assert heights(page, "exhaustive") == pytest.approx([zero, zero])
        assert heights(page, "t2drl") == sorted(heights(page, "t2drl"))
        assert max(heights(page, "t2drl")) < heights(page, "online-optimal")[0] < zero
        page.locator("#plots-scope").select_option("tiny")
        assert "measured during its training" in page.locator("#plots-canvas").inner_text()
        assert wrongs == []


def test_a_learner_pays_off_where_its_line_goes_below_another(browser: Any, page_file: Path) -> None:
    with opened(browser, page_file, "#plots?plot=break-even") as (page, wrongs):
        learner, exact = heights(page, "t2drl"), heights(page, "exhaustive")
        assert learner[0] < exact[0]
        assert learner[-1] > exact[-1]
        assert wrongs == []


@pytest.mark.parametrize("plot", ["learning-curves", "break-even"])
def test_a_hidden_solver_stands_in_the_address(plot: str, browser: Any, page_file: Path) -> None:
    with opened(browser, page_file, f"#plots?plot={plot}") as (page, wrongs):
        page.locator("#plots-legend").get_by_role("button", name="online-optimal").press("Space")
        sent = page.evaluate("location.hash")
        assert wrongs == []
    with opened(browser, page_file, sent) as (page, wrongs):
        assert page.locator("#plots-plot").input_value() == plot
        assert page.locator("#plots-canvas [data-solver=online-optimal]").count() == 0
        assert page.locator("#plots-canvas [data-solver=t2drl]").count() == 1
        assert wrongs == []


@pytest.mark.parametrize("plot", ["learning-curves", "break-even"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
def test_nothing_is_cut_off_or_overlaps(
    plot: str, scheme: str, size: dict[str, int], browser: Any, page_file: Path
) -> None:
    with opened(browser, page_file, f"#plots?plot={plot}", color_scheme=scheme, viewport=size) as (page, wrongs):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(OUTSIDE) == 0
        assert page.evaluate(OVERLAPS) == 0
        assert wrongs == []
