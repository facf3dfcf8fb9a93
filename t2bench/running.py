"""Running a matrix of solvers and instances into a store."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.engine.local import engine_at
from benchmarks.engine.record import recorded
from benchmarks.matrix.file import FORMAT, load_matrix, matrix_of
from benchmarks.matrix.matrix import Matrix
from benchmarks.matrix.selection import chosen_families, chosen_solvers
from benchmarks.references.of_store import keep_references, references_in
from benchmarks.store.remaining import Rerun, unfinished
from benchmarks.store.store import Store as Database
from problems.io.errors import InputError
from t2bench.own_solvers import named, title_of
from t2bench.progress import RunProgress
from t2bench.stores import Store


def run(
    matrix: str | Path | Mapping[str, Any],
    store: str | Path | None = None,
    *,
    jobs: int | None = None,
    resume: bool = False,
    rerun: Rerun | None = None,
    solvers: Sequence[str] | None = None,
    families: Sequence[str] | None = None,
    engine: str = "local",
) -> Store:
    """Run every cell of a matrix, each in a process of its own, and keep a row for each in a store.

    ``matrix`` is the name of a shipped one, a YAML file's path, or a mapping with the same fields, in whose
    ``solvers`` a class or an object may stand for a name; a class of a notebook's cell is written to a file in a folder
    beside the store, and its content decides which rows are its. ``store`` is a path or an SQLAlchemy URL, by default
    ``NAME.sqlite``; cells that it holds are run again only as ``rerun`` says. ``jobs`` cells run at once, by default
    as many as there are processors but one. Raises InputError, before anything runs, for what is wrong in the matrix,
    and where the store holds some of the cells and neither ``resume`` nor ``rerun`` is given.

    >>> t2bench.run("quick", jobs=2)
    >>> t2bench.run({"name": "mine", "solvers": ["lru", Mine], "families": ["small"]}, "mine.sqlite", resume=True)
    """
    if isinstance(matrix, Mapping):
        location = f"{matrix.get('name', 'matrix')}.sqlite" if store is None else str(store)
        checked = _matrix(matrix, _folder_beside(location))
    else:
        checked = load_matrix(str(matrix))
        location = f"{checked.name}.sqlite" if store is None else str(store)
    chosen = None if solvers is None else chosen_solvers(checked, solvers)
    sources = None if families is None else chosen_families(checked, families)
    cells = checked.cells(chosen, sources)
    if not cells:
        raise InputError(f"{checked.name}: has no cell of these solvers on these families")
    with engine_at(engine, jobs) as where, Database.open(location, create=True) as database:
        left = unfinished(cells, database, rerun)
        if len(left) < len(cells) and not resume and rerun is None:
            raise InputError(
                f"{database.location}: holds {len(cells) - len(left)} of these {len(cells)} cells already; "
                "resume=True runs the others, or name another store"
            )
        with RunProgress(len(left)) as progress, contextlib.closing(recorded(where, left, database)) as rows:
            for row in rows:
                progress.count(row)
        keep_references(database, references_in(database))
    return Store(location)


def _folder_beside(location: str) -> Path:
    """Where solvers of the session are written that a store has rows of."""
    return Path("solvers-of-the-session") if "://" in location else Path(location).with_suffix(".solvers")


def _matrix(document: Mapping[str, Any], folder: Path) -> Matrix:
    """The matrix of a mapping, with names in the place of classes and objects."""
    entries = document.get("solvers")
    if isinstance(entries, list | tuple):
        document = {**document, "solvers": [_entry(entry, folder) for entry in entries]}
    lists = {key: list(value) if isinstance(value, tuple | range) else value for key, value in document.items()}
    return matrix_of({"format": FORMAT, "version": 1, **lists}, Path.cwd())


def _entry(entry: Any, folder: Path) -> Any:
    """The entry of a matrix's solvers as a file would have it."""
    if isinstance(entry, str) or (isinstance(entry, Mapping) and isinstance(entry.get("name"), str)):
        return entry
    stated = dict(entry) if isinstance(entry, Mapping) else {"name": entry}
    if "name" not in stated:
        return stated
    name, settings = named(stated["name"], stated.get("settings"), folder)
    label = _label(title_of(stated["name"]), settings)
    return {"label": label, **stated, "name": name, "settings": settings}


def _label(title: str, settings: Mapping[str, Any]) -> str:
    stated = ", ".join(f"{key}={value}" for key, value in settings.items())
    return f"{title} ({stated})" if stated else title
