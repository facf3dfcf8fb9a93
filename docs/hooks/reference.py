"""What the pages say of solvers, commands and notebooks, taken from their sources whenever the site is built."""

from __future__ import annotations

import argparse
import inspect
import json
import os
import re
from pathlib import Path, PurePosixPath
from typing import Any

os.environ.setdefault("COLUMNS", "100")  # argparse wraps its help to the terminal's width

KINDS = {"caching": "Caching strategies", "allocation": "Allocation strategies", "solver": "Solvers of the whole"}


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Fill in what a page asks for in a comment, and name files of the code where the page links to them."""
    for name, make in {"solvers": solvers, "commands": commands}.items():
        place = f"<!-- {name} -->"
        if place in markdown:
            markdown = markdown.replace(place, make())
    folder = Path(page.file.abs_src_path).parent
    markdown = re.sub(r"<!-- notebook (\S+) -->", lambda found: notebook(folder / found[1]), markdown)
    return without_code_links(markdown, PurePosixPath(page.file.src_uri).parent)


def without_code_links(markdown: str, folder: PurePosixPath) -> str:
    """Links that leave the documentation, such as ``[`judge.py`](../problems/judge.py)``, as their text alone."""
    up = "../" * (len(folder.parts) + 1)
    return re.sub(rf"\[([^\]]+)\]\({re.escape(up)}[^)]+\)", r"\1", markdown)


def solvers() -> str:
    """Every registered part with its promises and its whole docstring, kind by kind."""
    from solvers.registry import listed

    entries = listed()
    text = []
    for kind, title in KINDS.items():
        text.append(f"## {title}\n")
        text += [_solver(entry) for entry in entries if entry.kind == kind]
    return "\n".join(text)


def _solver(entry: Any) -> str:
    from solvers.registry import find_part

    if entry.missing is not None:
        return f"### `{entry.name}`\n\nCannot be described here: {entry.missing}\n"
    part: Any = find_part(entry.name)
    source = part().capabilities if entry.kind == "solver" else part
    facts = [f"tier `{source.tier}`", *_promises(source)]
    settings = [f"`{name}`" for name in inspect.signature(part).parameters]
    shown = f"\n\nSettings: {', '.join(settings)}." if settings else ""
    return f"### `{entry.name}`\n\n*{'; '.join(facts)}.*\n\n{plain(part.__doc__ or '')}{shown}\n"


def _promises(source: Any) -> list[str]:
    said = {
        "exact": "exact, with proof, where no deadline couples the budgets",
        "exact_with_deadline": "exact with a deadline too",
        "gives_bound": "states a certified lower bound",
        "honours_limits": "stops by itself at the time limit",
        "takes_start": "improves on a start",
        "needs_training": "is trained",
    }
    return [words for name, words in said.items() if getattr(source, name, False)]


def commands() -> str:
    """The help of ``t2bench`` and of every verb."""
    from t2bench.cli.main import command_parser

    parser = command_parser()
    (verbs,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return "\n".join(
        f"## {name}\n\n```text\n{verb.format_help().strip()}\n```\n"
        for name, verb in {"t2bench": parser, **{f"t2bench {name}": sub for name, sub in verbs.choices.items()}}.items()
    )


def notebook(path: Path) -> str:
    """The cells of a notebook, code as such."""
    texts = []
    for cell in json.loads(path.read_text())["cells"]:
        text = "".join(cell["source"])
        texts.append(f"```python\n{text}\n```" if cell["cell_type"] == "code" else text)
    return "\n\n".join(texts)


def plain(docstring: str) -> str:
    """A docstring as Markdown: code in single backquotes, roles as the name that they point to."""
    text = inspect.cleandoc(docstring)
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text)
    return text.replace("``", "`")
