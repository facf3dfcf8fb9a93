"""What the README shows works as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import README


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(), flags=re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the README's files, in which its commands have been run one after the other."""
    place = tmp_path_factory.mktemp("readme")
    (place / "smallest.py").write_text(blocks("python")[0])
    (place / "mine.yaml").write_text(blocks("yaml")[0].replace("trace_seeds: 0-4", "trace_seeds: 0-0"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    commands = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("t2bench ")]
    commands += ["t2bench run mine.yaml --store mine.sqlite --jobs 2", "t2bench report mine.sqlite -o report"]
    commands += re.findall("^- `(t2bench [^`]+)`", README.read_text(), flags=re.MULTILINE)
    for command in commands:
        done = subprocess.run(
            command,
            shell=True,
            cwd=place,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (command, done)
    return place


def test_its_commands_run(folder: Path) -> None:
    made = ("a.json", "s.json", "l.json", "mine.json", "mine.sqlite", "report/index.html", "all.sqlite", "mine.csv")
    assert all((folder / name).is_file() for name in made)
    assert json.loads((folder / "s.json").read_text())["status"] == "optimal"


def test_its_solver_is_twenty_lines_and_does_what_it_says(folder: Path) -> None:
    assert len(blocks("python")[0].splitlines()) <= 20
    instance, solution = (json.loads((folder / name).read_text()) for name in ("a.json", "mine.json"))
    size = [model["size_gb"] for model in instance["models"]]
    held = [m for m, one in enumerate(solution["cache"][0]) if one]
    assert held == [] or max(size[m] for m in held) < min(size[m] for m in range(len(size)) if m not in held)
    assert sum(size[m] for m in held) <= instance["system"]["cache_gb"] - 2


def test_its_families_in_other_sizes_are_right(tmp_path: Path) -> None:
    from benchmarks.matrix.file import read_matrix

    matrix, families = blocks("yaml")
    path = tmp_path / "sized.yaml"
    path.write_text(re.sub(r"families: .*\n", lambda _: families, matrix))
    sources = {recipe.source for recipe in read_matrix(path).recipes()}
    assert {"paper", "paper-m20-n10-k10-t1", "paper-m10-n40-k20-t1"} <= sources


def test_it_names_every_solver_and_every_verb() -> None:
    from solvers.registry import BUILT_IN
    from t2bench.cli.main import VERBS

    text = README.read_text()
    assert all(f"`{name}`" in text for name in BUILT_IN)
    assert all(f"t2bench {verb}" in text for verb in VERBS)
