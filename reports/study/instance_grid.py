"""Cells as a grid: a row an instance, a column a solver that was tried on all of them."""

from __future__ import annotations

import pandas as pd


def instance_grid(cells: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """The mean of the ``values``, one a cell, of a solver on an instance; infinite if one is.

    Rows: ``instance_sha256``; columns: ``label``. Solvers that were not tried on every instance are left out.
    """
    tried = cells["outcome"] != "not-tried"
    keys = [cells.loc[tried, "instance_sha256"], cells.loc[tried, "label"]]
    grid: pd.DataFrame = values[tried].groupby(keys, sort=True).mean().unstack()
    return grid.reindex(cells["instance_sha256"].unique()).dropna(axis="columns")
