"""Matrix files: YAML, shipped or the user's own, refused before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from benchmarks.matrix.family_entry import is_scenario_file
from benchmarks.matrix.matrix import Matrix, SolverEntry
from benchmarks.process.user_code import made
from problems.io.errors import InputError, from_validation, meant, shorten
from problems.io.files import read_bytes
from problems.io.json_document import check_header
from problems.io.yaml_document import parse_yaml, yaml_document
from solvers.base import NotInstalled
from solvers.file_parts import is_in_file
from solvers.registry import composite
from solvers.settings import SettingError

FORMAT = "t2bench-matrix"
SHIPPED = Path(__file__).parent / "shipped"


def shipped_matrices() -> list[str]:
    """The names of the matrices that come with the package."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def purpose_of(shipped: str) -> str:
    """What a shipped matrix is for, in a line."""
    return str(parse_yaml(read_bytes(SHIPPED / f"{shipped}.yaml")).get("purpose", ""))


def load_matrix(name_or_path: str) -> Matrix:
    """A shipped matrix by its name, or a matrix from a YAML file.

    Raises InputError that names the file, the line, the field, the value and what is allowed; unknown
    families, solvers and settings are found here, before anything runs.
    """
    if name_or_path in shipped_matrices():
        return read_matrix(SHIPPED / f"{name_or_path}.yaml")
    if "." not in name_or_path and "/" not in name_or_path and not Path(name_or_path).exists():
        names = shipped_matrices()
        allowed = f"must be a YAML file or one of {', '.join(names)}"
        raise InputError(f"matrix: {shorten(name_or_path)}{meant(name_or_path, names)} {allowed}")
    return read_matrix(Path(name_or_path))


def read_matrix(path: Path) -> Matrix:
    """A matrix from a YAML file. Raises InputError, which points at the line."""
    with yaml_document(path) as document:
        return _checked(document, path.parent)


def matrix_of(document: dict[str, Any], folder: Path) -> Matrix:
    """The matrix that a document of a file's fields states; relative paths start in ``folder``. Raises InputError."""
    try:
        return _checked(document, folder)
    except ValidationError as error:
        raise from_validation(error) from None


def _checked(document: dict[str, Any], folder: Path) -> Matrix:
    check_header(document, FORMAT)
    matrix = Matrix.model_validate(_located(document, folder))
    for i, entry in enumerate(matrix.solvers):
        _check_solver(entry, f"solvers[{i}]")
    matrix.recipes()
    return matrix


def _check_solver(entry: SolverEntry, place: str) -> None:
    try:
        made(entry.name, entry.settings)
    except NotInstalled:
        pass
    except SettingError as error:
        raise InputError(f"{place}.settings.{error.setting}: {error.complaint}") from None
    except InputError as error:
        raise error.within(place) from None


def _located(document: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The document with absolute paths in place of those relative to the folder of the matrix."""
    located = dict(document)
    if isinstance(document.get("families"), list):
        located["families"] = [_located_family(family, folder) for family in document["families"]]
    if isinstance(document.get("solvers"), list):
        located["solvers"] = [_located_entry(entry, folder) for entry in document["solvers"]]
    return located


def _located_family(family: Any, folder: Path) -> Any:
    if isinstance(family, dict):
        return {**family, "family": _located_family(family["family"], folder)} if "family" in family else family
    return str((folder / family).resolve()) if isinstance(family, str) and is_scenario_file(family) else family


def _located_entry(entry: Any, folder: Path) -> Any:
    located = {"name": entry} if isinstance(entry, str) else entry
    if not isinstance(located, dict):
        return entry
    name, families = located.get("name"), located.get("families")
    if isinstance(families, list):
        located = {**located, "families": [_located_family(family, folder) for family in families]}
    if isinstance(name, str):
        located = {**located, "name": "+".join(_located_part(part, folder) for part in composite(name) or (name,))}
    return located


def _located_part(name: str, folder: Path) -> str:
    """The solver's name, with the file of a ``FILE.py:CLASS`` found from the matrix's folder."""
    if not is_in_file(name):
        return name
    file, _, attribute = name.rpartition(":")
    return f"{(folder / file).resolve()}:{attribute}"
