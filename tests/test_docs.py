"""What the documentation shows works as it stands there, and it is built without a warning."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from tests.places import ROOT

DOCS = ROOT / "docs"
BLOCK = re.compile(r"```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)```", flags=re.DOTALL)
NEEDS_A_CLUSTER = ("clusters.md",)
"""Its commands are tried where there is one, by the tests of the engines."""


def pages() -> list[Path]:
    """The pages in the order in which they are read."""
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(), yaml.BaseLoader)
    return [DOCS / name for name in re.findall(r"[\w-]+\.md", str(settings["nav"])) if name not in NEEDS_A_CLUSTER]


def commands(page: Path) -> list[str]:
    return [line for kind, _, text in BLOCK.findall(page.read_text()) if kind == "sh" for line in text.splitlines()]


def run(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line of a shell, in this process where it is t2bench's."""
    words, _, target = command.partition(" > ")
    program, *arguments = shlex.split(words)
    capsys.readouterr()
    if program == "t2bench":
        from t2bench.cli.main import main

        try:
            code = main(arguments)
        except SystemExit as end:
            code = end.code or 0
        printed = capsys.readouterr()
        assert code == 0, (command, printed)
        if target:
            Path(target).write_text(printed.out)
    else:
        assert program == "python", command
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_command_runs_where_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for page in pages():
        for _, title, text in BLOCK.findall(page.read_text()):
            if title:
                Path(title).write_text(text)
        for command in commands(page):
            run(command, capsys)
    assert json.loads(Path("best.json").read_text())["status"] == "optimal"
    assert json.loads(Path("recorded.json").read_text())["trace"]["request"][1] == [[-1, 1], [0, 0]]
    assert Path("report/index.html").is_file()
    assert len(Path("study.csv").read_text().splitlines()) == 1 + 24


def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_reference", DOCS / "hooks" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_solver_is_described_by_its_own_docstring() -> None:
    from solvers.registry import find_part, listed

    text = reference().solvers()
    for entry in listed():
        assert f"### `{entry.name}`" in text
        if entry.missing is None:
            first = (find_part(entry.name).__doc__ or "").split("\n")[0].replace("``", "`")
            assert first in text


def test_every_verb_stands_in_the_reference() -> None:
    from t2bench.cli.main import VERBS

    text = reference().commands()
    assert all(f"## t2bench {verb}\n" in text for verb in VERBS)
    assert text.count("usage: t2bench") == 1 + len(VERBS)


def test_links_to_code_stay_as_text_and_others_stay_links() -> None:
    from pathlib import PurePosixPath

    plain = reference().without_code_links
    text = "[`judge.py`](../problems/judge.py) and [tiers](tiers.md)"
    assert plain(text, PurePosixPath(".")) == "`judge.py` and [tiers](tiers.md)"


def test_it_is_built_without_a_warning_and_reads_nothing_from_a_network(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="not installed: pip install 't2bench[docs]'")
    site = tmp_path / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done
    for page in site.rglob("*.html"):
        fetched = re.findall(r"<(?:script|img|link)[^>]+(?:src|href)=\"?(?:https?:)?//[^\s>]+", page.read_text())
        assert not fetched, (page, fetched)
    assert "branch-and-bound" in (site / "solvers.html").read_text()
