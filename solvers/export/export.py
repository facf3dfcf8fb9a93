"""An instance as a file for any other solver."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from problems.instance import Instance
from problems.io.errors import InputError
from solvers.export.linear import write_linear
from solvers.export.nl import write_nl
from solvers.programme.formulation import formulate
from solvers.programme.scip_model import write_cip

Format = Literal["mps", "lp", "nl", "cip"]
FORMATS: tuple[Format, ...] = ("mps", "lp", "nl", "cip")


def export(instance: Instance, path: Path, kind: Format) -> None:
    """Write the programme whose objective is J; columns are named as in :mod:`solvers.programme.formulation`.

    MPS and LP hold the mixed-integer linear programme, exact, with every ``b_t_k_n`` fixed at its optimum; NL and
    CIP hold the nonlinear one. Raises InputError for a linear format where lateness has a price, and
    NotInstalled for CIP without PySCIPOpt.
    """
    linear = kind in ("mps", "lp")
    if linear and instance.system.couples_budgets:
        raise InputError(f"format: {kind!r}; must be nl or cip where lateness has a price: the programme is not linear")
    programme = formulate(instance, with_bandwidth=not linear).programme
    programme = programme.scaled(1.0 / max(instance.active_requests, 1))
    what = "bandwidth fixed at its optimum" if linear else "the whole nonlinear programme"
    comments = [f"t2bench instance sha256 {instance.sha256}", f"minimises J; {what}"]
    if kind == "mps" or kind == "lp":
        write_linear(programme, path, kind, comments)
    elif kind == "nl":
        write_nl(programme, path, comments)
    else:
        write_cip(programme, path)
