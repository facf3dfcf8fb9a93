"""Pages of Markdown whose commands, files and code are tried as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.places import ROOT
from tests.t2bench.notebooks import run_cells

NOT_RUN = ("make", "pip", "source")
"""What commands of a page would change the machine or run these tests: their targets and parts are checked instead."""
_BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of a page."""

    language: str
    title: str
    """The name of the file that it is; empty for what is none."""
    text: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(*found) for found in _BLOCK.findall(page.read_text())]


def commands(page: Path) -> list[str]:
    """The lines that a reader types into a shell."""
    lines = [line for block in blocks(page) if block.language == "sh" for line in block.text.splitlines()]
    return [line for line in lines if line.strip() and not line.startswith("#")]


def follow(pages: Iterable[Path], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Do in ``folder``, the current one, what the pages say: files are written, commands and the cells of Python run.

    The cells of a page are those of one notebook, and stand before its commands or behind them.
    """
    for page in pages:
        cells: list[str] = []
        for block in blocks(page):
            if block.title:
                (folder / block.title).write_text(block.text)
            elif block.language == "python":
                cells.append(block.text)
            elif block.language == "sh":
                _run_all(cells, folder)
                for line in block.text.splitlines():
                    run(line, capsys)
        _run_all(cells, folder)


def _run_all(cells: list[str], folder: Path) -> None:
    if cells:
        run_cells(cells, folder)
        cells.clear()


def run(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line of a shell, in this process where it is t2bench's."""
    words, _, target = command.partition(" > ")
    program, *arguments = shlex.split(words, comments=True) or [""]
    if program in ("", *NOT_RUN):
        return
    if program == "t2bench":
        code, printed = _t2bench(arguments, capsys)
        assert code == 0, (command, printed)
        if target:
            Path(target).write_text(printed)
    else:
        assert program == "python", command
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done)


def _t2bench(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int | str, str]:
    from t2bench.cli.main import main

    capsys.readouterr()
    try:
        code: int | str = main(arguments)
    except SystemExit as end:
        code = end.code or 0
    printed = capsys.readouterr()
    return code, printed.out if code == 0 else str(printed)
