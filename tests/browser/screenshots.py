"""Pictures of the page for the documentation: ``python -m tests.browser.screenshots REPORT/index.html DIR``.

The report is one of the shipped matrix ``quick``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.browser.chromium import found, launched, opened

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "color_scheme": "dark"}
PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "page-plots": ("#plots?plot=gap-time", DESKTOP),
    "page-cells": ("#cells?sort=-gap_low", DESKTOP),
    "page-decisions": ("#instances?instance=paper-s0-t0&beside=lfu", DESKTOP),
    "page-phone": ("#plots?plot=ladder", PHONE),
}
"""By name: the place on the page, and the screen."""


def main(arguments: list[str]) -> int:
    """Write the pictures; 1 where the page did something wrong, 2 without a browser or for other arguments."""
    path = found()
    if len(arguments) != 2 or path is None:
        print("usage: screenshots REPORT/index.html DIR" if path else "chromium: not installed", file=sys.stderr)
        return 2
    page_file, directory = Path(arguments[0]).resolve(), Path(arguments[1])
    wrongs: list[str] = []
    with launched(path) as browser:
        for name, (place, screen) in PICTURES.items():
            with opened(browser, page_file, place, **screen) as (page, found_wrong):
                page.screenshot(path=directory / f"{name}.png")
                wrongs += found_wrong
    print("\n".join(wrongs), end="", file=sys.stderr)
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
