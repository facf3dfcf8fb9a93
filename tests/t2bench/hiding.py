"""Things of a user's own under the names of t2bench's packages."""

from __future__ import annotations

from pathlib import Path


def hide(folder: Path, package: str, kind: str) -> Path:
    """Put a ``module``, a ``package`` or a ``folder`` without a package's file there; returns what a line names."""
    if kind == "module":
        file = folder / f"{package}.py"
    else:
        (folder / package).mkdir()
        file = folder / package / ("__init__.py" if kind == "package" else "notes.txt")
    file.touch()
    return file.parent if kind == "folder" else file
