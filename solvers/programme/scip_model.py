"""A programme as a model of SCIP, its air times as expressions."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from problems.io.files import write_bytes
from solvers.extras import require
from solvers.programme.programme import Programme


def library() -> Any:
    """PySCIPOpt. Raises NotInstalled."""
    require("scip")
    import pyscipopt

    return pyscipopt


def scip_model(programme: Programme) -> tuple[Any, list[Any]]:
    """The model and its variables (V,). Raises NotInstalled.

    An air time is written with ``b (log(b + snr) - log(b))``, whose curvature SCIP recognises, not with
    ``b log(1 + snr / b)``.
    """
    scip = library()
    model = scip.Model("t2bench")
    model.hideOutput()
    kinds = ["I" if whole else "C" for whole in programme.integer.tolist()]
    upper = [None if top == np.inf else top for top in programme.upper.tolist()]
    columns = zip(programme.names, kinds, programme.lower.tolist(), upper, programme.cost.tolist(), strict=True)
    variables = [model.addVar(name, kind, low, top, cost) for name, kind, low, top, cost in columns]
    model.addObjoffset(programme.constant)
    matrix = programme.matrix
    starts, places, values = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
    for row, (limit, equal) in enumerate(zip(programme.limit.tolist(), programme.equal.tolist(), strict=True)):
        entries = range(starts[row], starts[row + 1])
        left = scip.quicksum(values[i] * variables[places[i]] for i in entries)
        model.addCons(left == limit if equal else left <= limit, name=f"r{row}")
    air = programme.air
    for row, (share, seconds) in enumerate(zip(air.share, air.seconds, strict=True)):
        b, up, snr, down = variables[share], float(air.up[row]), float(air.snr[row]), float(air.down[row])
        time = down / b
        if up > 0:
            time = time + up / (b * (scip.log(b + snr) - scip.log(b)))
        model.addCons(variables[seconds] >= time, name=f"time{row}")
    return model, variables


def write_cip(programme: Programme, path: Path) -> None:
    """Write the programme in SCIP's own format. Raises NotInstalled, and InputError where that fails."""
    model, _ = scip_model(programme)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "programme.cip"
        model.writeProblem(str(target), verbose=False)
        write_bytes(path, target.read_bytes())
