"""The ``t2bench`` command: verbs, exit codes, one line for bad input."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import textwrap
from collections.abc import Sequence
from typing import Any, NoReturn

from benchmarks.machine.limits import THREAD_VARIABLES
from problems.io.errors import InputError, meant, shorten
from t2bench.exit_codes import BAD_INPUT, DONE, INTERRUPTED

GROUPS = {
    "ask": ("families", "sample", "fit-demand", "calibrate", "export"),
    "solve": ("solvers", "solve", "verify", "bound", "check"),
    "learn": ("train",),
    "run": ("run", "rejudge", "import", "references"),
    "report": ("report", "compare", "rows"),
}
"""The verbs, by what they are for."""
VERBS = tuple(verb for verbs in GROUPS.values() for verb in verbs)
EXAMPLES = {
    "families": "t2bench families small > mine.yaml",
    "sample": "t2bench sample small --scenario-seed 1 --trace-seed 2 -o a.json",
    "fit-demand": "t2bench fit-demand requests.csv --loading latencies.csv -o mine.yaml",
    "calibrate": "t2bench calibrate measurements.csv -o entry.yaml",
    "export": "t2bench export a.json --format mps -o a.mps",
    "solvers": "t2bench solvers",
    "solve": "t2bench solve a.json --solver lru+equal --time-limit 10 -o s.json",
    "verify": "t2bench verify a.json s.json --reference best.json",
    "bound": "t2bench bound a.json -o a.certificate.json",
    "check": "t2bench check mine.py:Mine",
    "train": "t2bench train small --steps 600 -o agent.safetensors",
    "run": "t2bench run quick --store quick.sqlite --jobs 2",
    "rejudge": "t2bench rejudge quick.sqlite",
    "import": "t2bench import all.sqlite quick.sqlite",
    "references": "t2bench references quick.sqlite",
    "report": "t2bench report quick.sqlite -o report",
    "compare": "t2bench compare before.sqlite after.sqlite",
    "rows": "t2bench rows quick.sqlite -o quick.csv",
}

_MODULES = {"import": "import_stores"}
"""Of verbs that no Python module can be named after."""


class _Help(argparse.HelpFormatter):
    """Help with verbs in groups, and paragraphs as they are written."""

    def _format_action(self, action: argparse.Action) -> str:
        if not isinstance(action, argparse._SubParsersAction):
            return super()._format_action(action)
        lines = {verb.dest: super(_Help, self)._format_action(verb) for verb in action._get_subactions()}
        return "\n".join(
            f"\n  {title}:\n" + textwrap.indent("".join(lines[verb] for verb in verbs), "  ").rstrip()
            for title, verbs in GROUPS.items()
        )

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        parts = text.split("\n\n")
        return "\n\n".join(
            part if _is_example(part) else super(_Help, self)._fill_text(part, width, indent) for part in parts
        )


def _is_example(paragraph: str) -> bool:
    return paragraph.startswith("Example: ")


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"formatter_class": _Help, **settings})

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message} (see {self.prog} --help)\n")


class _Version(argparse.Action):
    """Prints the installed version and ends, as --help does."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"t2bench {version('t2bench')}")
        parser.exit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. Returns a code of :mod:`t2bench.exit_codes`."""
    for variable in THREAD_VARIABLES:
        os.environ.setdefault(variable, "1")
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        parsed = command_parser(_verb(given)).parse_args(given)
        code: int = parsed.run(parsed)
        sys.stdout.flush()
        return code
    except InputError as error:
        print(f"t2bench: {error}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED


def _verb(given: Sequence[str]) -> str | None:
    """The verb that the command line begins with; None where it begins with an option. Raises InputError."""
    if not given or given[0].startswith("-"):
        return None
    if given[0] not in VERBS:
        raise InputError(f"verb: {shorten(given[0])}{meant(given[0], VERBS)} must be one of {', '.join(VERBS)}")
    return given[0]


def command_parser(verb: str | None = None) -> argparse.ArgumentParser:
    """The parser of the command and of one of its verbs, or of all."""
    parser = _Parser(
        prog="t2bench",
        description="Edge caching and allocation for generative AI: one problem, every kind of solver, one judge.",
        epilog="`t2bench VERB --help` explains a verb, with an example. Exit codes: 0 done, 1 the answer is no "
        "(infeasible, a failed cell), 2 bad input, 130 interrupted.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    subparsers = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for name in VERBS if verb is None else (verb,):
        importlib.import_module(f"t2bench.cli.{_MODULES.get(name, name.replace('-', '_'))}").add_parser(subparsers)
        added = subparsers.choices[name]
        added.epilog = "\n\n".join([*filter(None, [added.epilog]), f"Example: {EXAMPLES[name]}"])
    return parser


if __name__ == "__main__":
    sys.exit(main())
