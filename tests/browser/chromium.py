"""Headless Chromium on a page from disk, which must neither say anything wrong nor ask for anything else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

PATIENCE_MS = 30_000
"""Of a browser on a busy machine."""


def found() -> str | None:
    """The path of an installed Chromium, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, page_file: Path, place: str = "", **context: Any) -> Iterator[tuple[Page, list[str]]]:
    """The page, and what it did wrong so far: console messages, uncaught errors, requests for anything but itself."""
    with browser.new_context(**context) as surroundings:
        page = surroundings.new_page()
        page.set_default_timeout(PATIENCE_MS)
        wrongs: list[str] = []
        page.on("console", lambda message: wrongs.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: wrongs.append(str(error)))
        page.on("request", lambda request: wrongs.extend(_foreign(request.url, page_file)))
        page.goto(page_file.as_uri() + place)
        yield page, wrongs


def _foreign(url: str, page_file: Path) -> list[str]:
    own = url.split("#")[0] == page_file.as_uri() or url.startswith("data:")
    return [] if own else [f"request: {url}"]
