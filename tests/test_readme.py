"""What the README shows works as it stands there, and what it asks to be typed is there."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

import t2bench
from tests.pages import blocks, commands, follow
from tests.places import README, ROOT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what the README says has been done."""
    return tmp_path_factory.mktemp("readme")


@pytest.mark.timeout(600)
def test_what_it_says_can_be_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    follow([README], folder, capsys)
    made = ("a.json", "best.json", "simple.json", "mine.json", "study.sqlite", "report/index.html", "gaps.png")
    assert [name for name in made if not (folder / name).is_file()] == []
    assert json.loads((folder / "best.json").read_text())["status"] == "optimal"
    assert t2bench.open_store(folder / "mine.sqlite").rows()["label"].nunique() == 3
    _check_its_solver(folder)


def _check_its_solver(folder: Path) -> None:
    instance, solution = (json.loads((folder / name).read_text()) for name in ("a.json", "mine.json"))
    size = [model["size_gb"] for model in instance["models"]]
    held = [m for m, one in enumerate(solution["cache"][0]) if one]
    assert held == [] or max(size[m] for m in held) < min(size[m] for m in range(len(size)) if m not in held)
    assert sum(size[m] for m in held) <= instance["system"]["cache_gb"] - 2


def test_its_solver_is_twenty_lines() -> None:
    (solver,) = (block.text for block in blocks(README) if block.title == "smallest.py")
    assert len(solver.splitlines()) <= 20


def test_it_is_short() -> None:
    assert len(README.read_text().splitlines()) <= 140


def test_its_figures_are_those_of_the_results() -> None:
    results = (ROOT / "docs" / "results.md").read_text()
    rows = re.findall(r"^\| `([\w+-]+)`.*\| ([\d.]+) \| ([\d.]+) \|$", README.read_text(), flags=re.MULTILINE)
    assert len(rows) >= 6
    for solver, gap, captured in rows:
        assert re.search(
            rf"^\| `{re.escape(solver)}` \| [\w-]+ \| {gap} \| [\d.]+ \| {captured} \|", results, re.MULTILINE
        )


def test_its_make_targets_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = [line.split()[1] for line in commands(README) if line.startswith("make ")]
    assert targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert "$(PIP_ARGS)" in makefile


def test_every_link_leads_somewhere_and_every_part_that_pip_is_told_is_there() -> None:
    parts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for page in (README, ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        text = page.read_text()
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (page.parent / link).exists(), (page, link)
        for named in re.findall(r"pip install '[^'\[]*\[([\w,]+)\]", text):
            assert set(named.split(",")) <= set(parts), (page, named)
        assert "'t2bench[" not in text, page
