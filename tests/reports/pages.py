"""A report's page as a reader finds it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "hr", "img", "input"}
SCRIPTS = 2
"""The page's data and its code."""
HIDDEN_SVG = 1
"""Lends its namespace to the drawings that scripts make."""


class Page(HTMLParser):
    """Checks that every element that is opened is closed, and collects what the page says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        values = dict(attrs)
        self.ids += [value for key, value in attrs if key == "id" and value]
        self.targets += [value for key in ("href", "src") if (value := values.get(key))]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def read_page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def check_links(page: Page) -> None:
    """Every place has one name, and every link within the page leads to a place."""
    assert len(page.ids) == len(set(page.ids))
    assert {target[1:] for target in page.targets if target.startswith("#")} <= set(page.ids)
