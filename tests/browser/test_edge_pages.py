"""Pages of unusual stores: each is sensible, nothing on it is made up, and what is missing is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reports.cells import Row, cell
from tests.reports.records import page_alone, record

pytest.importorskip("playwright", reason="playwright: not installed: pip install 't2bench[test]'")
from tests.browser.chromium import opened

pytestmark = pytest.mark.slow

LABEL, FAMILY = '最適 <b>&"|', "家族 ☃"


def one_row() -> list[Row]:
    return [cell("a", "i", 2.0)]


def only_failures() -> list[Row]:
    return [
        *(cell(label, "i", None, status="crash", error="boom") for label in "ab"),
        cell("c", "i", None, status="skipped"),
    ]


def no_reference() -> list[Row]:
    return [cell(label, f"i{n}", 2.0 + n + place) for n in range(3) for place, label in enumerate("ab")]


def unicode_names() -> list[Row]:
    return [cell(LABEL, "例 #?&=%", 2.0, family=FAMILY), cell("none", "例 #?&=%", 3.0, family=FAMILY)]


def two_hundred_solvers() -> list[Row]:
    labels = ["none", *(f"solver-with-a-long-name-{n:03}" for n in range(199))]
    return [
        cell(label, f"i{n}", 2.0 + 0.01 * place, solve_s=0.01 * (1 + place), lower_bound=2.0)
        for n in range(2)
        for place, label in enumerate(labels)
    ]


def a_learner_with_one_seed() -> list[Row]:
    trained = {"agent_sha256": "a", "training_cpu_s": 60.0, "environment_steps": 1000, "updates": 500}
    trained |= {"training_whole": True, "training_spent_s": 0.0, "tier": "online-model-free"}
    return [
        row
        for n in range(3)
        for row in (
            cell("online-optimal", f"i{n}", 2.0, solve_s=5.0, trace_seed=n),
            cell("t2drl", f"i{n}", 2.1 + 0.01 * n, trace_seed=n, **trained),
            cell("none", f"i{n}", 3.0, trace_seed=n),
        )
    ]


@pytest.mark.parametrize(
    ("rows", "plots"),
    [
        (
            one_row,
            {"ladder": "No captured gain: it needs a complete answer", "timescales": "it needs stored solutions"},
        ),
        (only_failures, {"gap-time": "so there is no gap", "anytime": "No solver has answers here"}),
        (no_reference, {"profiles": "share of instances, %"}),
        (unicode_names, {"latency-quality": LABEL}),
        (two_hundred_solvers, {"gap-time": "solver-with-a-long-name-198"}),
        (a_learner_with_one_seed, {"learners": "t2drl", "break-even": "instances answered"}),
    ],
)
@pytest.mark.parametrize("width", [1280, 390])
def test_an_unusual_store_has_a_sensible_page(
    rows: Callable[[], list[Row]],
    plots: dict[str, str],
    width: int,
    browser: Any,
    tmp_path: Path,
) -> None:
    page_file = page_alone(record(rows()), tmp_path)
    with opened(browser, page_file, viewport={"width": width, "height": 800}) as (page, wrongs):
        for plot, said in plots.items():
            page.locator("#plots-plot").select_option(plot)
            assert said in page.locator("section[aria-labelledby=plots]").inner_text()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert "No stored solution" in page.locator("#instances-limit").inner_text()
        text = page.locator("main").inner_text()
        assert not {"NaN", "undefined", "null", "Infinity"} & set(text.split())
        assert wrongs == []


def test_hostile_names_come_back_from_the_address(browser: Any, tmp_path: Path) -> None:
    page_file = page_alone(record(unicode_names()), tmp_path)
    with opened(browser, page_file, "#plots?plot=latency-quality") as (page, wrongs):
        page.get_by_label("Family", exact=True).select_option(FAMILY)
        page.locator("#cells-solver").select_option(LABEL)
        page.locator("#plots-legend").get_by_role("button", name=LABEL).click()
        address = page.evaluate("location.hash")
        assert wrongs == []
    with opened(browser, page_file, address) as (page, wrongs):
        assert page.locator("#cells-body tr").count() == 1
        assert page.locator("#cells-body th").inner_text() == LABEL
        assert page.locator("#plots-legend [aria-pressed=false]").inner_text() == LABEL
        assert wrongs == []


def test_a_large_store_says_what_the_page_leaves_out(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.study.selection.MOST_CELLS", 5)
    rows = [
        cell(label, f"{family}-{n}", 2.0, family=family)
        for family in ("tiny", "small")
        for n in range(4)
        for label in "ab"
    ]
    with opened(browser, page_alone(record(rows), tmp_path)) as (page, wrongs):
        assert (
            "The page holds 4 cells of 16: whole instances, of every family in turn."
            in page.locator("main").inner_text()
        )
        assert page.locator("#cells-body tr").count() == 4
        assert wrongs == []
