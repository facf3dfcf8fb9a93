"""One digest of packages' sources: other bytes, names or packages, another digest."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvers.sources import sources_digest


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "digested"
    (folder / "inner").mkdir(parents=True)
    for name in ("__init__.py", "inner/__init__.py", "inner/part.py"):
        (folder / name).write_text(f'"""{name}"""\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def test_it_follows_every_source_and_its_place(package: Path) -> None:
    seen = {sources_digest(["digested"])}
    assert sources_digest(["digested"]) in seen
    (package / "data.csv").write_text("no source")
    assert sources_digest(["digested"]) in seen
    (package / "inner" / "part.py").write_text("changed = 1\n")
    seen.add(sources_digest(["digested"]))
    (package / "inner" / "part.py").rename(package / "part.py")
    seen.add(sources_digest(["digested"]))
    seen.add(sources_digest(["digested", "solvers"]))
    assert len(seen) == 4
