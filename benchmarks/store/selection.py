"""Which cells of a matrix are meant: by solver, by family, and by how they ended before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from benchmarks.matrix.cell import Cell
from benchmarks.matrix.family_entry import is_scenario_file, names_for
from benchmarks.matrix.matrix import Matrix
from benchmarks.process.outcome import has_failed
from benchmarks.store.store import Store
from problems.io.errors import InputError, shorten

Rerun = Literal["failed", "timeouts", "all"]


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
            near = get_close_matches(name, names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise InputError(f"{option}: {shorten(name)}; must be among the matrix's: {', '.join(shown)}{hint}")
    return set().union(*(names[name] for name in wanted))


def finished_for_good(cells: Sequence[Cell], store: Store, rerun: Rerun | None) -> set[str]:
    """The ids of the cells that have a row which is to stay."""
    rows = store.rows("cell_id", "status", "cost")
    ids = {cell.cell_id for cell in cells}
    endings = zip(*(rows[name] for name in rows.columns), strict=True)
    return {cell_id for cell_id, status, cost in endings if cell_id in ids and not _again(rerun, status, cost)}


def failed_before(cells: Sequence[Cell], store: Store) -> set[str]:
    """The ids of the cells that have a row which says that they failed."""
    rows = store.rows("cell_id", "status", "cost")
    ids = {cell.cell_id for cell in cells}
    endings = zip(*(rows[name] for name in rows.columns), strict=True)
    return {cell_id for cell_id, status, cost in endings if cell_id in ids and has_failed(status, cost)}


def _again(rerun: Rerun | None, status: str, cost: float | None) -> bool:
    match rerun:
        case None:
            return False
        case "all":
            return True
        case "timeouts":
            return status == "timeout"
        case "failed":
            return has_failed(status, cost)
