"""The pictures of the documentation: ``python -m tests.browser.screenshots REPORT DIR``.

REPORT is the folder of a report on the shipped matrix ``quick``; DIR gets the page on a desktop and on a phone, and
three of its figures for print.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from tests.browser.chromium import found, launched, opened

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "color_scheme": "dark"}
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "page-story": ("", {"viewport": {"width": 1280, "height": 1250}}),
    "page-plots": ("#plots?plot=gap-time", DESKTOP),
    "page-decisions": ("#instances?instance=paper-s0-t0&beside=lfu", DESKTOP),
    "page-phone": ("#plots?plot=timescales", PHONE),
}
"""By name: the place on the page, and the screen."""
FIGURES = ("gap-per-family", "gap-against-time", "excess-of-learners")
MOST_BYTES = 300_000
"""Of a picture: a repository keeps every version of it."""


def main(arguments: list[str]) -> int:
    """Write the pictures; 1 where the page did something wrong or one is too large, 2 for other arguments."""
    path = found()
    if len(arguments) != 2 or path is None:
        print("usage: screenshots REPORT DIR" if path else "chromium: not installed", file=sys.stderr)
        return 2
    report, directory = (Path(argument).resolve() for argument in arguments)
    pictures = [directory / f"{name}.png" for name in (*PAGES, *FIGURES)]
    wrongs: list[str] = []
    with launched(path) as browser:
        for name, (place, screen) in PAGES.items():
            with opened(browser, report / "index.html", place, **screen) as (page, found_wrong):
                page.screenshot(path=directory / f"{name}.png")
                wrongs += found_wrong
    for name in FIGURES:
        shutil.copyfile(report / "figures" / f"{name}.png", directory / f"{name}.png")
    sizes = {picture: picture.stat().st_size for picture in pictures}
    wrongs += [
        f"{picture}: {size} bytes; must be <= {MOST_BYTES}" for picture, size in sizes.items() if size > MOST_BYTES
    ]
    for wrong in wrongs:
        print(wrong, file=sys.stderr)
    print("\n".join(map(str, pictures)))
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
