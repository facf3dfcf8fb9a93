"""``--traceback``, for the verbs that run a user's own solvers."""

from __future__ import annotations

import argparse
import contextlib
import sys
import traceback
from collections.abc import Iterator

from problems.io.errors import InputError


def add_traceback_option(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    parser.add_argument("--traceback", action="store_true", help="show all of the traceback of a solver that raises")


@contextlib.contextmanager
def traceback_of_complaints(wanted: bool) -> Iterator[None]:
    """Where ``wanted``, print the traceback of the exception that an InputError in here speaks of."""
    try:
        yield
    except InputError as error:
        origin: BaseException | None = error
        while isinstance(origin, InputError):
            origin = origin.__cause__ or origin.__context__
        if wanted and origin is not None:
            traceback.print_exception(origin, file=sys.stderr)
        raise
