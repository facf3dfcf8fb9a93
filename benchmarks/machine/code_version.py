"""Which code answers: a digest of the sources that decide a solver's answer."""

from __future__ import annotations

import hashlib
from functools import cache

from solvers.registry import part_versions
from solvers.sources import sources_digest

PACKAGES = ("problems", "solvers", "t2drl")
_DIGITS = 12


def code_version(solver: str) -> str:
    """Twelve hexadecimal digits that change when the code behind a solver's name changes.

    Counts every source of the packages that solvers are made of, the file of a ``FILE.py:CLASS``, and
    the distributions and versions of parts that come from other packages.
    """
    digest = hashlib.sha256(_sources(PACKAGES))
    for version in part_versions(solver):
        digest.update(version.encode() + b"\0")
    return digest.hexdigest()[:_DIGITS]


def harness_version() -> str:
    """The same of all that makes a row, whatever its solver."""
    return _sources((*PACKAGES, "benchmarks")).hex()[:_DIGITS]


@cache
def _sources(packages: tuple[str, ...]) -> bytes:
    """Their digest, taken once: a process goes on with the code that it has imported."""
    return sources_digest(packages)
