"""A cell and its outcome as one row of the store."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from benchmarks.machine.provenance import provenance
from benchmarks.matrix.cell import Cell, InstanceRecipe, canonical_json
from benchmarks.process.outcome import CellStatus, Outcome, has_failed
from benchmarks.store.integrals import Courses, primal_dual_integral
from benchmarks.store.solution_blob import pack_prices, pack_solution
from problems.judge import Verdict
from solvers.base import Learnt

_METRICS = tuple(name for name in Verdict.__dataclass_fields__ if name != "violations")


@dataclass(frozen=True, eq=False)
class Row:
    """One row, and where its instance comes from; can be sent from one machine to another."""

    cell: dict[str, Any]
    """Values by column."""
    recipe: InstanceRecipe
    traceback: str | None = None
    """Of the exception that ended the solve; no store keeps it."""

    @property
    def status(self) -> CellStatus:
        """How the cell ended."""
        status: CellStatus = self.cell["status"]
        return status

    @property
    def failed(self) -> bool:
        """Whether the cell failed; one that a limit ended with an answer has not."""
        return has_failed(self.status, self.cell["cost"])


def row_of(cell: Cell, outcome: Outcome, times: Mapping[str, Any]) -> Row:
    """The row of a cell; ``times`` are its columns ``started_at``, ``wall_s``, ``load_before`` and ``load_after``.

    Raises ValueError, or what packing raises, for an outcome that no store can keep.
    """
    columns = {**_asked(cell), **_answered(outcome), **times, **provenance()}
    return Row({name: _storable(value) for name, value in columns.items()}, cell.recipe, outcome.traceback)


def _asked(cell: Cell) -> dict[str, Any]:
    return {
        "cell_id": cell.cell_id,
        "matrix": cell.matrix,
        "label": cell.label,
        "solver": cell.solver,
        "settings": canonical_json(cell.settings),
        "code_version": cell.code_version,
        "instance_sha256": cell.instance_sha256,
        "repetition": cell.repetition,
        "seed": cell.seed,
        "time_limit_s": cell.time_limit_s,
        "memory_limit_gb": cell.memory_limit_gb,
        "cpu_limit_s": cell.cpu_limit_s,
        "command": cell.command,
    }


def _answered(outcome: Outcome) -> dict[str, Any]:
    verdict, solution = outcome.verdict, outcome.solution
    metrics = {name: None if verdict is None else _finite(getattr(verdict, name)) for name in _METRICS}
    violations = [{key: _finite(value) for key, value in asdict(broken).items()} for broken in outcome.violations]
    return {
        "tier": outcome.tier,
        "exact": outcome.exact,
        "status": outcome.status,
        "exit_code": outcome.exit_code,
        "signal": outcome.signal,
        "error": outcome.error,
        "stderr_tail": outcome.stderr_tail,
        "violations": json.dumps(violations, allow_nan=False),
        **metrics,
        "lower_bound": outcome.lower_bound,
        "proved": outcome.proved,
        "solve_s": outcome.solve_s,
        "cpu_s": outcome.cpu_s,
        "peak_memory_gb": outcome.peak_memory_gb,
        "events": json.dumps([list(event) for event in outcome.events], allow_nan=False),
        "primal_dual_integral": _primal_dual_integral(outcome),
        **_learnt(outcome.learnt),
        "micro_solve_s": outcome.micro_solve_s,
        "stalled_s": outcome.stalled_s,
        "waited_s": outcome.waited_s,
        "threads": None if outcome.threads is None else json.dumps(outcome.threads),
        "solution": None if solution is None else pack_solution(solution),
        "prices": None if solution is not None or outcome.prices is None else pack_prices(outcome.prices),
    }


def _primal_dual_integral(outcome: Outcome) -> float | None:
    if outcome.solve_s is None:
        return None
    return float(primal_dual_integral(Courses.of([outcome.events]), np.array([outcome.solve_s]))[0])


def _learnt(records: Sequence[Learnt]) -> dict[str, Any]:
    """The costs of all agents together, NULL where there is none. Raises ValueError for sums that no store can keep."""
    total = Learnt(
        agent="+".join(record.agent for record in records),
        training_cpu_s=sum((record.training_cpu_s for record in records), 0.0),
        environment_steps=sum(record.environment_steps for record in records),
        updates=sum(record.updates for record in records),
        whole=all(record.whole for record in records),
        traces="+".join(record.traces for record in records),
        spent_s=sum((record.spent_s for record in records), 0.0),
    )
    columns = {
        "agent_sha256": total.agent,
        "training_cpu_s": total.training_cpu_s,
        "environment_steps": total.environment_steps,
        "updates": total.updates,
        "training_whole": total.whole,
        "training_traces": total.traces,
        "training_spent_s": total.spent_s,
        "learning_curves": _curves(records),
    }
    return columns if records else dict.fromkeys(columns)


def _curves(records: Sequence[Learnt]) -> str | None:
    """The learning curves, one an agent, null where it has none; None where no agent has one."""
    curves = [None if record.curve is None else asdict(record.curve) for record in records]
    return json.dumps(curves, allow_nan=False) if any(curves) else None


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _storable(value: Any) -> Any:
    """A text without what no database takes, whatever a solver said: zero bytes and halves of characters."""
    return value.encode(errors="replace").decode().replace("\0", "") if isinstance(value, str) else value
