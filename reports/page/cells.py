"""The cells of a study as columns, for the page's table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from reports.drawing.compact import DIGITS, Pool, compacted, whole
from reports.study.cells import present
from reports.study.failures import reason
from reports.study.study import Study

_FIGURES = {
    "cost": DIGITS,
    "lower_bound": DIGITS,
    "gap_low": 5,
    "gap_high": 5,
    "solve_s": 4,
    "mean_latency_s": 5,
    "mean_tv": 4,
    "hit_ratio": 4,
    "edge_served_ratio": 4,
    "late_ratio": 4,
    "loaded_gb": 4,
}
"""Columns of numbers with their significant digits. A gap is a fraction; its upper end is null where it is infinite."""
_SHORTEST_ID = 8
_NAME, _SEEDS, _SEED = "\x01", "\x02", "\x03"
"""Stand in a template for the instance's name, its ``--scenario-seed`` with ``--trace-seed``, and the cell's seed."""


def cell_columns(study: Study, chosen: Sequence[str], solvers: Sequence[str]) -> dict[str, Any]:
    """The cells of the ``chosen`` instances.

    ``solver`` and ``instance`` are places in ``solvers`` and in ``study.references``; ``status``, ``matrix``,
    ``reason`` and ``command`` are places in the texts that stand beside the columns.
    """
    cells = study.cells[study.cells["instance_sha256"].isin(chosen)]
    places = {sha: place for place, sha in enumerate(study.references)}
    solver_places = {label: place for place, label in enumerate(solvers)}
    pools = {name: Pool() for name in ("status", "matrix", "reason", "command")}
    columns: dict[str, Any] = {
        "id": short_ids(study.cells["cell_id"]).loc[cells.index].tolist(),
        "solver": [solver_places[label] for label in cells["label"]],
        "instance": [places[sha] for sha in cells["instance_sha256"]],
        "repetition": cells["repetition"].astype(int).tolist(),
        "seed": cells["seed"].astype(int).tolist(),
        "solved": cells["solved"].astype(int).tolist(),
        "proved": cells["certified_here"].astype(int).tolist(),
        "status": [pools["status"].place(str(status)) for status in cells["status"]],
        "matrix": [pools["matrix"].place(present(matrix)) for matrix in cells["matrix"]],
        "reason": [pools["reason"].place(text) for text in _reasons(cells)],
        "command": [pools["command"].place(text) for text in _templates(cells)],
    }
    columns |= {name: compacted(cells[name], digits) for name, digits in _FIGURES.items()}
    texts = {name: pool.texts for name, pool in pools.items()}
    return {"total": len(study.cells), "columns": columns, "texts": texts}


def short_ids(cell_ids: pd.Series) -> pd.Series:
    """The first characters of every id, as many as tell all apart."""
    length = _SHORTEST_ID
    longest = int(cell_ids.str.len().max())
    while length < longest and cell_ids.str.slice(0, length).nunique() < cell_ids.nunique():
        length += 2
    return cell_ids.str.slice(0, length)


def template(command: str, name: str, scenario_seed: int | None, trace_seed: int | None, seed: int) -> str:
    """The command with placeholders, which the page's scripts fill again (``cells.js``)."""
    short = command.replace(name, _NAME).replace(f"--seed {seed} ", f"--seed {_SEED} ")
    return short.replace(f"--scenario-seed {scenario_seed} --trace-seed {trace_seed}", _SEEDS)


def _reasons(cells: pd.DataFrame) -> list[str]:
    unsolved = cells[~cells["solved"]]
    reasons = {index: reason(row) for index, row in unsolved.iterrows()}
    return [reasons.get(index, "") for index in cells.index]


def _templates(cells: pd.DataFrame) -> list[str]:
    columns = (cells[name] for name in ("command", "instance", "scenario_seed", "trace_seed", "seed"))
    return [
        template(present(command), str(name), whole(scenario), whole(trace), int(seed))
        for command, name, scenario, trace, seed in zip(*columns, strict=True)
    ]
