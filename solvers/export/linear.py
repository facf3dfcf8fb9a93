"""The mixed-integer linear programme as an MPS or LP file, by PuLP."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import pulp

from problems.io.files import write_bytes
from solvers.programme.programme import Programme
from solvers.programme.pulp_model import pulp_model

LinearFormat = Literal["mps", "lp"]
COMMENT = {"mps": "*", "lp": "\\"}
CONSTANT = "constant"
"""A column fixed at 1 that carries the objective's constant, which readers treat differently."""


def write_linear(programme: Programme, path: Path, kind: LinearFormat, comments: Iterable[str]) -> None:
    """Write a programme without air rows. Raises ValueError for one with them."""
    if len(programme.air) > 0:
        raise ValueError("programme: has air times; must be linear")
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        # PuLP 3.3 announces the interface of PuLP 4 by warnings.
        warnings.simplefilter("ignore", DeprecationWarning)
        problem, _ = pulp_model(programme)
        problem.setObjective(problem.objective + programme.constant * pulp.LpVariable(CONSTANT, 1, 1))
        target = Path(folder) / "programme"
        if kind == "mps":
            problem.writeMPS(str(target))
        else:
            problem.writeLP(str(target))
        lines = "".join(f"{COMMENT[kind]} {comment}\n" for comment in comments)
        write_bytes(path, lines.encode() + target.read_bytes())
