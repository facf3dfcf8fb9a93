"""Prints the tests of what changed since a revision, and a few fast ones that hold the whole together.

A test has its source's path, so that a changed file leads to its test. What does as the pages of the documentation say
takes a minute by itself and is left to ``make test``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("problems", "solvers", "t2drl", "benchmarks", "reports", "t2bench")
ALWAYS = (
    *("tests/problems/test_judge.py", "tests/problems/test_episode.py", "tests/problems/test_physics.py"),
    *("tests/solvers/test_registry.py", "tests/t2bench/test_init.py", "tests/t2bench/cli/test_main.py"),
)
LEFT_OUT = ("tests/test_docs.py", "tests/test_readme.py")


def changed(base: str) -> list[str]:
    """Files that differ from where this branch left ``base``, or from the last commit; none where there is no git."""
    fork = _git("merge-base", "HEAD", base) or ["HEAD"]
    return [*_git("diff", "--name-only", fork[0]), *_git("ls-files", "--others", "--exclude-standard")]


def counterpart(file: str) -> str | None:
    """The test of a source, or the test itself; None for what has none."""
    path = Path(file)
    if path.parts[0] in PACKAGES and path.suffix == ".py":
        path = Path("tests", path.parent, f"test_{path.stem.strip('_')}.py")
    is_test = path.parts[0] == "tests" and path.name.startswith("test_") and "speed" not in path.parts
    name = path.as_posix()
    return name if is_test and name not in LEFT_OUT and (ROOT / path).is_file() else None


def _git(*arguments: str) -> list[str]:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return []
    return done.stdout.split() if done.returncode == 0 else []


if __name__ == "__main__":
    print(*sorted({*ALWAYS, *filter(None, map(counterpart, changed(sys.argv[1])))}))
