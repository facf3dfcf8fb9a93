"""The ``t2bench`` command: verbs, exit codes, one line for bad input."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from importlib.metadata import version
from typing import NoReturn

from benchmarks.machine.limits import THREAD_VARIABLES
from problems.io.errors import InputError

VERBS = (
    *("families", "sample", "solvers", "solve", "verify", "export", "bound", "check", "train", "run", "fit-demand"),
    *("calibrate", "rejudge", "import", "references", "rows", "compare", "report"),
)

_MODULES = {"import": "import_stores"}
"""Of verbs that no Python module can be named after."""

DONE, NO, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one verb. Returns 0 for done, 1 where the answer is no, 2 for bad input."""
    for variable in THREAD_VARIABLES:
        os.environ.setdefault(variable, "1")
    parsed = command_parser().parse_args(arguments)
    try:
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


def command_parser() -> argparse.ArgumentParser:
    """The parser of the command and of all its verbs."""
    parser = _Parser(
        prog="t2bench",
        description="Edge caching and allocation for generative AI: one problem, every kind of solver, one judge.",
        epilog="Exit codes: 0 done, 1 the answer is no (infeasible, a failed cell), 2 bad input.",
    )
    parser.add_argument("--version", action="version", version=f"t2bench {version('t2bench')}")
    subparsers = parser.add_subparsers(metavar="VERB", required=True)
    for verb in VERBS:
        importlib.import_module(f"t2bench.cli.{_MODULES.get(verb, verb.replace('-', '_'))}").add_parser(subparsers)
    return parser


if __name__ == "__main__":
    sys.exit(main())
