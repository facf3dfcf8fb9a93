"""The page in a real browser, opened from disk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from reports.report import write_report
from tests.reports.cells import cell
from tests.reports.records import answered

pytest.importorskip("playwright", reason="playwright: not installed: pip install 't2bench[test]'")
from playwright.sync_api import expect

from tests.browser.chromium import PATIENCE_MS, opened

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 390, "height": 800}}


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of four solvers on four instances, one of which nobody solved."""
    failed = cell("lfu", "small-s9-t9", None, family="small", status="crash", error="boom")
    return write_report(answered(("tiny", "small"), others=[failed]), tmp_path_factory.mktemp("page"))


def column(page: Any, number: int) -> list[str]:
    """The texts of a column of the table of cells."""
    texts: list[str] = page.locator(f"#cells-body tr > :nth-child({number})").all_inner_texts()
    return texts


def address(page: Any) -> str:
    """What stands behind the file's name."""
    return str(page.evaluate("location.hash"))


def test_a_reader_sorts_filters_follows_and_sends_the_address(browser: Any, page_file: Path) -> None:
    with opened(browser, page_file) as (page, wrongs):
        page.get_by_role("button", name="cost", exact=True).click()
        costs = [float(text) for text in column(page, 6) if text != "–"]
        assert costs == sorted(costs)
        assert len(costs) == 16
        page.get_by_role("button", name="cost", exact=True).click()
        assert [float(text) for text in column(page, 6)[:16]] == sorted(costs, reverse=True)
        assert page.get_by_role("columnheader", name="cost", exact=True).get_attribute("aria-sort") == "descending"

        page.get_by_label("Family", exact=True).select_option("small")
        page.get_by_label("Status", exact=True).select_option("solved")
        assert page.locator("#cells-count").inner_text() == "Rows 1 to 8 of 8 cells."
        assert {text.split("-")[0] for text in column(page, 2)} == {"small"}
        assert "sort=-cost" in address(page)
        assert "family=small" in address(page)

        page.locator("#cells-body tr", has_text="random+equal").first.get_by_role("link", name="small-").click()
        expect(page.locator("#instances-instance")).to_have_value(re.compile("^small-s"), timeout=PATIENCE_MS)
        assert page.locator("#instances-beside").input_value() == "random+equal"
        assert page.locator("#instances-caches svg").count() == 2
        sent = address(page)

        page.locator("#plots-legend").get_by_role("button", name="none").press("Space")
        assert page.locator("#plots-canvas [data-solver=none]").count() == 0
        assert page.locator("#plots-canvas [data-solver=exhaustive]").count() == 1
        assert "hide=none" in address(page)
        hidden = address(page)
        assert wrongs == []

    with opened(browser, page_file, hidden) as (page, wrongs):
        button = page.locator("#plots-legend").get_by_role("button", name="none")
        assert button.get_attribute("aria-pressed") == "false"
        assert page.locator("#plots-canvas [data-solver=none]").count() == 0
        assert len(column(page, 1)) == 8
        assert wrongs == []

    with opened(browser, page_file, sent) as (page, _):
        assert page.locator("#instances-beside").input_value() == "random+equal"


def test_a_cell_opens_with_the_keyboard_and_says_how_to_repeat_it(browser: Any, page_file: Path) -> None:
    with opened(browser, page_file, "#cells?status=crash") as (page, wrongs):
        page.get_by_role("link", name="lfu").press("Enter")
        dialog = page.get_by_role("dialog")
        assert "boom" in dialog.inner_text()
        page.keyboard.press("Escape")
        assert not dialog.is_visible()
        assert "cell=" not in address(page)
        page.get_by_label("Words").fill("exhaustive tiny-s0")
        page.get_by_label("Status", exact=True).select_option("")
        page.locator("#cells-body").get_by_role("link", name="exhaustive").press("Enter")
        said = dialog.inner_text()
        assert (
            "t2bench sample tiny --scenario-seed 0 --trace-seed 0 -o tiny-s0-t0.json && t2bench solve tiny-s0-t0.json"
            " --solver exhaustive --seed 0 -o tiny-s0-t0.solution.json"
        ) in said
        assert "its own bound proves its cost" in said
        assert wrongs == []


def test_the_story_leads_to_the_row_that_backs_it(browser: Any, page_file: Path) -> None:
    with opened(browser, page_file) as (page, wrongs):
        link = page.locator(".overview").first.get_by_role("link").first
        link.press("Enter")
        row = page.locator("tr.pointed")
        assert row.get_attribute("id") == address(page).split("?")[0].removeprefix("#")
        assert row.get_by_role("rowheader").inner_text() == "tiny"
        assert row.evaluate("row => row.getBoundingClientRect().top > 0")
        assert wrongs == []


def test_the_keyboard_shows_where_it_is(browser: Any, page_file: Path) -> None:
    focused = """() => {
      const at = document.activeElement;
      const label = at.getAttribute("aria-label") || at.getAttribute("aria-labelledby") || at.labels?.length;
      return [at.id, getComputedStyle(at).outlineStyle !== "none", Boolean(at.innerText || label)];
    }"""
    with opened(browser, page_file, color_scheme="dark") as (page, wrongs):
        seen = []
        while "cells-clear" not in (names := [name for name, *_ in seen]):
            assert len(seen) < 120
            page.keyboard.press("Tab")
            seen.append(page.evaluate(focused))
        assert names.index("plots-plot") < names.index("plots-scope") < names.index("cells-text")
        assert all(outlined and named for _, outlined, named in seen)
        assert wrongs == []


def test_every_plot_is_drawn_and_told_as_a_table(browser: Any, page_file: Path) -> None:
    with opened(browser, page_file) as (page, wrongs):
        choice = page.get_by_label("Plot", exact=True)
        names = page.locator("#plots-plot option").evaluate_all("options => options.map(({ value }) => value)")
        assert names == ["ladder", "gap-time", "profiles", "anytime", "timescales", "latency-quality"]
        for name in names:
            choice.select_option(name)
            drawn = page.locator("#plots-canvas [data-solver]").evaluate_all("all => all.map((g) => g.dataset.solver)")
            assert "exhaustive" in drawn
            told = page.locator("#plots-table tbody th").all_text_contents()
            assert told == drawn
            assert "NaN" not in page.locator("#plots-canvas").inner_html()
        assert wrongs == []


def test_the_slots_of_an_instance_follow_the_sliders(browser: Any, page_file: Path) -> None:
    with opened(browser, page_file, "#instances?instance=tiny-s0-t0&beside=none") as (page, wrongs):
        table = page.locator("#instances-slot-table tbody")
        before = table.inner_text()
        page.locator("#instances-frame").press("ArrowRight")
        assert page.locator("#instances-where").inner_text() == "frame 2 of 3, slot 1 of 2"
        assert table.inner_text() != before
        assert "cloud" in table.inner_text()
        assert "frame=2" in address(page)
        assert wrongs == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(browser: Any, page_file: Path, scheme: str) -> None:
    with opened(browser, page_file, color_scheme=scheme, **PHONE) as (page, wrongs):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert wrongs == []
