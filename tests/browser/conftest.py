"""A browser for the tests, which are skipped with the reason where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """A headless Chromium. Playwright keeps an event loop running, beside which no other test can start its own."""
    pytest.importorskip("playwright", reason="playwright: not installed: pip install 't2bench[test]'")
    from tests.browser.chromium import found, launched

    path = found()
    if path is None:
        pytest.skip("chromium: not installed: apt-get install chromium")
    with launched(path) as started:
        yield started
