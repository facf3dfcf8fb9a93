"""Drawings inside a page do not disturb one another."""

from __future__ import annotations

import re
from pathlib import Path

from reports.page.inline_svg import inline


def test_inline_svgs_share_no_id_and_refer_to_their_own(full_report: Path) -> None:
    seen: set[str] = set()
    for path in (full_report / "figures").glob("*.svg"):
        text = inline(path.read_bytes(), path.stem, "a description")
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert not seen & set(ids)
        seen |= set(ids)
        assert set(re.findall(r"(?:url\(|href=\")#([^\")]+)", text)) <= set(ids)
        assert 'aria-label="a description"' in text
        assert "currentColor" in text
    assert seen
