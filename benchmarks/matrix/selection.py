"""Which solvers and families of a matrix are meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.matrix.family_entry import is_scenario_file, names_for
from benchmarks.matrix.matrix import Matrix
from problems.io.errors import InputError, meant, shorten


def chosen_solvers(matrix: Matrix, texts: Sequence[str]) -> set[str]:
    """The titles of the solvers that ``texts`` name, each text a label, a name or several with commas between.

    A name stands for all solvers of that name, unless it is the label of one.
    Raises InputError for one that the matrix does not have.
    """
    names: dict[str, set[str]] = {}
    for entry in matrix.solvers:
        for name in (entry.name, entry.short_name):
            names.setdefault(name, set()).add(entry.title)
    names |= {entry.title: {entry.title} for entry in matrix.solvers}
    return _chosen("--solvers", names, dict.fromkeys(entry.title for entry in matrix.solvers), texts)


def chosen_families(matrix: Matrix, texts: Sequence[str]) -> set[str]:
    """The families that ``texts`` name, as :func:`names_for` has them; a file's name stands for its scenario.

    Raises InputError for one that the matrix does not have.
    """
    names: dict[str, set[str]] = {}
    for source in matrix.sources:
        called = {source, Path(source).name} if is_scenario_file(source) else names_for(source)
        for name in sorted(called, key=lambda name: (name != source, name)):
            names.setdefault(name, set()).add(source)
    return _chosen("--families", names, list(names), texts)


def _chosen(option: str, names: Mapping[str, set[str]], shown: Iterable[str], texts: Sequence[str]) -> set[str]:
    # A title may hold commas itself.
    wanted = [name.strip() for text in texts for name in ([text] if text in names else text.split(","))]
    for name in wanted:
        if name not in names:
            allowed = f"must be among the matrix's: {', '.join(shown)}"
            raise InputError(f"{option}: {shorten(name)}{meant(name, names)} {allowed}")
    return set().union(*(names[name] for name in wanted))
