"""A cell and its outcome as one row of the store."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from benchmarks.machine.code_version import code_version
from benchmarks.machine.provenance import load, provenance
from benchmarks.matrix.cell import Cell, InstanceRecipe, canonical_json
from benchmarks.process.conclusion import Ending, conclude
from benchmarks.process.outcome import CellStatus, Outcome, has_failed
from benchmarks.process.run import run_cell
from benchmarks.process.transcript import Transcript
from benchmarks.process.watch import Stopped
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

    @property
    def status(self) -> CellStatus:
        """How the cell ended."""
        status: CellStatus = self.cell["status"]
        return status

    @property
    def failed(self) -> bool:
        """Whether the cell failed; one that a limit ended with an answer has not."""
        return has_failed(self.status, self.cell["cost"])


def execute(cell: Cell, stop: threading.Event | None = None) -> Row:
    """Run a cell here and now. Raises watch.Stopped once ``stop`` is set; else there is a row whatever happens."""
    return _row(cell, lambda: _outcome(cell, stop))


def lost(cell: Cell, reason: str) -> Row:
    """The row of a cell that was started elsewhere and never came back."""
    instance = cell.recipe.instance()
    return _row(cell, lambda: conclude(instance, cell.solver, Transcript(instance), Ending("lost", reason)))


def _row(cell: Cell, outcome_of: Callable[[], Outcome]) -> Row:
    started_at, began = datetime.now(UTC).isoformat(timespec="milliseconds"), time.monotonic()
    load_before = load()
    outcome = outcome_of()
    times = {"wall_s": time.monotonic() - began, "started_at": started_at}
    times |= {"load_before": load_before, "load_after": load()}
    columns = {**_asked(cell), **_answered_whatever(cell, outcome), **times, **provenance()}
    return Row({name: _storable(value) for name, value in columns.items()}, cell.recipe)


def _outcome(cell: Cell, stop: threading.Event | None) -> Outcome:
    instance = cell.recipe.instance()
    try:
        limits = cell.time_limit_s, cell.memory_limit_gb, cell.cpu_limit_s
        return run_cell(instance, cell.solver, cell.settings, cell.seed, *limits, stop=stop)
    except Stopped:
        raise
    except Exception as error:
        return _failure(cell, error)


def _failure(cell: Cell, error: Exception) -> Outcome:
    instance = cell.recipe.instance()
    text = f"t2bench itself failed: {type(error).__name__}: {error}"
    return conclude(instance, cell.solver, Transcript(instance), Ending("lost", text))


def _asked(cell: Cell) -> dict[str, Any]:
    return {
        "cell_id": cell.cell_id,
        "matrix": cell.matrix,
        "label": cell.label,
        "solver": cell.solver,
        "settings": canonical_json(cell.settings),
        "code_version": code_version(cell.solver),
        "instance_sha256": cell.instance_sha256,
        "repetition": cell.repetition,
        "seed": cell.seed,
        "time_limit_s": cell.time_limit_s,
        "memory_limit_gb": cell.memory_limit_gb,
        "cpu_limit_s": cell.cpu_limit_s,
        "command": cell.command,
    }


def _answered_whatever(cell: Cell, outcome: Outcome) -> dict[str, Any]:
    """The columns of the outcome; where they cannot be made, those of an error: a cell does not end the run."""
    try:
        return _answered(outcome)
    except Exception as error:
        return _answered(_failure(cell, error))


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
