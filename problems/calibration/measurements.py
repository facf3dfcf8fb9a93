"""Measurements (CSV): a row a generation, with its denoising steps, the quality of its pictures and its seconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from problems.io.csv_table import numbers, read_table, refuse
from problems.io.errors import InputError
from problems.io.files import read_bytes
from problems.scenario import MOST_STEPS

REQUIRED = ("steps", "quality_tv", "seconds")
OPTIONAL = ("model", "seed", "parameters")
LEAST_COUNTS = 5
"""Distinct step counts: the quality curve has four numbers, and one count is left out when shapes are compared."""
MOST_COUNTS = 100
"""Every pair of gaps between them is weighed."""


@dataclass(frozen=True, eq=False)
class Measurements:
    """What was measured of one model; each array has shape (n,)."""

    model: str
    steps: np.ndarray
    quality_tv: np.ndarray
    seconds: np.ndarray
    parameters: float | None = None
    """How many numbers the model learnt, if the file says so."""


def read_measurements(path: Path) -> tuple[list[Measurements], list[str]]:
    """The models in the order of the file, and the names of the columns that were not used.

    Without a column ``model`` all rows are one model's, named after the file. Raises InputError, one line that names
    the file, the line, the column, the value and what is allowed.
    """
    try:
        table = read_table(read_bytes(path), REQUIRED)
        unused = [column for column in table.columns if column not in (*REQUIRED, *OPTIONAL)]
        return _measurements(table, path.stem), unused
    except InputError as error:
        raise (error if str(error).startswith(f"{path}:") else error.within(str(path))) from None


def _measurements(table: pd.DataFrame, name: str) -> list[Measurements]:
    values = {column: numbers(table, column) for column in REQUIRED}
    steps = values["steps"]
    if (wrong := (steps != np.rint(steps)) | (steps > MOST_STEPS)).any():
        refuse(table, "steps", wrong, f"must be a whole number in 1..{MOST_STEPS}")
    if "model" not in table:
        table = table.assign(model=name)
    elif (empty := (table["model"] == "").to_numpy()).any():
        refuse(table, "model", empty, "must not be empty")
    if "seed" in table and (again := table.assign(steps=steps)[["model", "steps", "seed"]].duplicated()).any():
        refuse(table, "seed", again.to_numpy(), "must differ between rows of the same model and steps")
    parameters = numbers(table, "parameters") if "parameters" in table else None
    found = []
    for model in table["model"].unique():
        rows = (table["model"] == model).to_numpy()
        size = None if parameters is None else float(parameters[rows].max())
        found.append(
            _checked(Measurements(model, steps[rows], values["quality_tv"][rows], values["seconds"][rows], size))
        )
    return found


def _checked(found: Measurements) -> Measurements:
    if not LEAST_COUNTS <= (counts := len(np.unique(found.steps))) <= MOST_COUNTS:
        allowed = f"needs from {LEAST_COUNTS} to {MOST_COUNTS}"
        raise InputError(
            f"model {found.model!r}, column steps: {counts} distinct step count{'s' * (counts > 1)}; {allowed}"
        )
    return found
