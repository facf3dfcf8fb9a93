"""From the rows of a store to a study: tidy cells, each measured against its instance's references."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from benchmarks.references.of_store import newest, references_of
from benchmarks.references.reference import Contradiction, Reference
from benchmarks.store.integrals import Courses
from problems.families.changes import UNCHANGED, Changes, split_changes
from problems.families.drawn import FAMILIES
from problems.families.sizes import split
from problems.judge import bound_holds, proves_optimal
from reports.study.measures import measures

COMPLETE = ("optimal", "feasible")
"""The solver ended by itself with a feasible solution."""
LIMITED = ("timeout", "memory")
"""A limit ended it; its last streamed solution, if any, was judged."""
NOT_TRIED = ("skipped", "not-installed")
STATUSES = (*COMPLETE, *LIMITED, "bound-only", "infeasible-claim", "crash", "error", "invalid", *NOT_TRIED)
"""In the order in which tables count them."""

NUMBERS = (
    *("cost", "utility", "mean_latency_s", "mean_tv", "hit_ratio", "edge_served_ratio", "late_ratio", "loaded_gb"),
    *("latency_cost", "quality_cost", "late_cost", "loading_cost", "lower_bound"),
    *("solve_s", "cpu_s", "wall_s", "peak_memory_gb", "time_limit_s", "memory_limit_gb", "cpu_limit_s"),
    *("training_cpu_s", "environment_steps", "updates", "training_spent_s", "load_before", "stalled_s"),
)
COLUMNS = (
    *("cell_id", "matrix", "label", "solver", "settings", "repetition", "seed", "tier", "exact", "status"),
    *("instance", "instance_sha256", "family", "scenario_seed", "trace_seed", "frames", "slots", "users", "models"),
    *NUMBERS,
    *("active_requests", "error", "stderr_tail", "violations", "events", "command", "agent_sha256", "training_whole"),
    "learning_curves",
    *("started_at", "processor", "cores", "python", "t2bench_version", "libraries", "threads", "git_revision"),
)
"""What a report asks a store for."""
NO_FAMILY = "no family"
"""Stands for the family of instances that name none."""
_ORDER = ["family", "scenario_seed", "trace_seed", "instance", "label", "repetition", "seed", "matrix", "cell_id"]


@dataclass(frozen=True, eq=False)
class Study:
    """All cells of a store with what they are measured against."""

    cells: pd.DataFrame
    """One row a cell: the store's columns and ``scope`` (its place in :attr:`families`), ``outcome``, ``solved``,
    ``certified_here``, ``gap_low``, ``gap_high``, ``captured_low``, ``captured_high`` (fractions), ``stake`` (cost)
    and ``time_s``."""
    references: dict[str, Reference]
    """By ``instance_sha256``, in the order of families and seeds."""
    names: dict[str, str]
    """By ``instance_sha256``: a name that no other instance of the study has."""
    family_of: dict[str, str]
    """By ``instance_sha256``."""
    families: list[str]
    """In the order of the contract; a family in any sizes but its own counts as one, ``paper in other sizes``, and so
    does a family with changes, in whatever sizes, ``paper with changes``."""
    superseded: int
    """How many rows were left out because the same cell was run again later, by other code."""

    @cached_property
    def courses(self) -> Courses:
        """The events of every cell, each a solve, in the order of :attr:`cells`."""
        return Courses.of(json.loads(f"[{','.join(self.cells['events'])}]"))

    @property
    def contradictions(self) -> list[tuple[str, Contradiction]]:
        """Every contradiction with the name of its instance."""
        return [(self.names[sha], found) for sha, ref in self.references.items() for found in ref.contradictions]


def study_of(rows: pd.DataFrame) -> Study:
    """Measure the cells of a store's ``rows()``; the order of the rows does not matter."""
    current = newest(rows)
    cells = _tidy(current)
    references = references_of(cells)
    own = [references[sha] for sha in cells["instance_sha256"].to_numpy(dtype=object)]
    place, shas = cells["instance_sha256"].factorize()
    costs = cells["cost"].where(cells["solved"]).to_numpy()
    cells = cells.assign(**measures([references[sha] for sha in shas], place, costs))
    columns = (cells[name] for name in ("solved", "cost", "lower_bound"))
    cells["certified_here"] = [_certified(ref, *answer) for ref, *answer in zip(own, *columns, strict=True)]
    family_of = dict(zip(cells["instance_sha256"], cells["scope"], strict=True))
    families = list(dict.fromkeys(cells["scope"]))
    return Study(cells, references, _names(cells), family_of, families, len(rows) - len(current))


def _tidy(rows: pd.DataFrame) -> pd.DataFrame:
    cells = rows.copy()
    for column in NUMBERS:
        cells[column] = pd.to_numeric(cells[column], errors="coerce").astype(float)
    cells["exact"] = cells["exact"].eq(True).astype(bool)
    cells["family"] = cells["family"].map(lambda family: present(family) or NO_FAMILY)
    for column in ("scenario_seed", "trace_seed"):
        cells[column] = cells[column].astype("Int64")
    order = {family: place for place, family in enumerate(sort_families(cells["family"].unique()))}
    cells = cells.sort_values(_ORDER, key=lambda c: c.map(order) if c.name == "family" else c, kind="stable")
    cells = cells.reset_index(drop=True)
    cells["scope"] = cells["family"].map({family: _scope(family) for family in order})

    answered = cells["status"].isin((*COMPLETE, *LIMITED)) & np.isfinite(cells["cost"])
    cells["solved"] = answered
    cells["outcome"] = np.select(
        [answered, cells["status"].isin(NOT_TRIED), cells["status"] == "bound-only"],
        ["solved", "not-tried", "bound-only"],
        default="failed",
    )
    own_time = cells["solve_s"].fillna(cells["wall_s"])
    by_outcome = {"failed": cells["time_limit_s"], "not-tried": pd.Series(np.nan, cells.index)}
    cells["time_s"] = own_time
    for outcome, time in by_outcome.items():
        cells["time_s"] = cells["time_s"].where(cells["outcome"] != outcome, time)
    return cells


def _certified(reference: Reference, solved: bool, cost: float, bound: float) -> bool:
    """Whether a cell's own bound proves its own cost, and no other cell's cost contradicts that bound."""
    best = reference.best_cost
    return solved and best is not None and proves_optimal(cost, none_if_nan(bound)) and bound_holds(bound, best)


def _names(cells: pd.DataFrame) -> dict[str, str]:
    pairs = cells[["instance_sha256", "instance"]].drop_duplicates("instance_sha256")
    shared = pairs["instance"].duplicated(keep=False)
    return {
        str(sha): f"{name} ({str(sha)[:8]})" if twice else str(name)
        for sha, name, twice in zip(pairs["instance_sha256"], pairs["instance"], shared, strict=True)
    }


def sort_families(families: Iterable[str]) -> list[str]:
    """The named families in the contract's order, each before its other sizes and those before its changes.

    Then all others by name.
    """
    named = list(FAMILIES)

    def place(family: str) -> tuple[int, str, bool, tuple[int, ...], Changes]:
        unchanged, changes = split_changes(family)
        own, sizes = split(unchanged)
        return named.index(own) if own in named else len(named), own, changes != UNCHANGED, sizes or (), changes

    return sorted(families, key=place)


def _scope(family: str) -> str:
    unchanged, changes = split_changes(family)
    own, sizes = split(unchanged)
    if changes != UNCHANGED:
        return f"{own} with changes"
    return own if sizes is None else f"{own} in other sizes"


def none_if_nan(value: float | None) -> float | None:
    """A number, or None where it is missing or not finite."""
    return None if value is None or not np.isfinite(value) else float(value)


def present(value: object) -> str:
    """A cell's text; empty where it is missing."""
    return "" if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)) else str(value)
