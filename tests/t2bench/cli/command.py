"""The command as a user meets it, with its output and its exit code, but in the process of the tests."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from t2bench.cli.main import main


def t2bench(*arguments: object, cwd: Path | None = None) -> CompletedProcess[str]:
    """What ``t2bench`` with these arguments prints and returns, run in ``cwd``."""
    words, out, err = [str(argument) for argument in arguments], io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(cwd or Path.cwd()):
        try:
            code = main(words)
        except SystemExit as error:
            code = int(error.code or 0)
    return CompletedProcess(["t2bench", *words], code, out.getvalue(), err.getvalue())


def refused(*arguments: object, cwd: Path | None = None) -> str:
    """The one line that a bad input gets."""
    done = t2bench(*arguments, cwd=cwd)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def written(path: Path, document: dict[str, Any]) -> Path:
    """A JSON file of this content."""
    path.write_text(json.dumps(document))
    return path


def sampled_and_solved(folder: Path) -> tuple[Path, Path]:
    """An instance and its optimal solution, made by the commands of the README."""
    instance, solution = folder / "a.json", folder / "s.json"
    made = t2bench("sample", "small", "--scenario-seed", 1, "--trace-seed", 2, "-o", instance)
    assert (made.returncode, made.stderr) == (0, "")
    assert t2bench("solve", instance, "--solver", "exhaustive", "-o", solution).returncode == 0
    return instance, solution
