"""What solvers reach at every point of a sweep: families that differ from one another in one parameter alone."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from problems.families.named import family_purposes, family_scenario
from problems.io.errors import InputError
from reports.chapters.sweeps.axes import SWEEP_AXES, SweepAxis, on_axis
from reports.statistics.two_way_bootstrap import Estimate, estimate
from reports.study.seed_blocks import Blocks, blocks_by
from reports.study.study import Study

LEAST_POINTS = 3
"""A sweep has so many points, and a solver of a sweep an answer at as many."""
METRICS = ("cost", "excess", "hit_ratio")
"""Mean cost a request; how far it is above the certified optimum, %; edge hit ratio."""


@dataclass(frozen=True)
class Outcome:
    """What a solver reaches at a point."""

    blocks: dict[str, Blocks]
    """By metric: values by scenario, training seed and instance."""
    estimates: dict[str, Estimate]
    """By metric; none where no instance has a value, as the excess where no optimum is certified."""
    complete: bool
    """Whether it has an answer, of every seed, on all instances of the point."""
    exact: bool
    """Whether it promises proofs of optimality."""


@dataclass(frozen=True)
class Point:
    """One family of a sweep."""

    family: str
    value: float
    """On the axis."""
    instances: int
    optimum: Estimate | None
    """The mean certified optimum; None unless that of every instance is certified."""
    outcomes: dict[str, Outcome]
    """By label."""


@dataclass(frozen=True)
class Sweep:
    """A family along one axis."""

    family: str
    """In its own setting, which is one of the points."""
    axis: SweepAxis
    points: list[Point]
    """In ascending order."""
    solvers: dict[str, str]
    """By label, the name of each solver that has answers at ``LEAST_POINTS`` points or more."""


def sweeps_of(study: Study) -> list[Sweep]:
    """Every family and axis with at least ``LEAST_POINTS`` points, of which the family's own setting is one."""
    names = list(dict.fromkeys(study.cells["family"]))
    bases = [name for name in names if name in family_purposes()]
    found = {(base, axis): _values(base, axis, names) for base in bases for axis in SWEEP_AXES}
    swept = {key: values for key, values in found.items() if len(values) >= LEAST_POINTS}
    wanted = {name for values in swept.values() for name in values}
    cells = with_excess(study.cells)
    outcomes = {str(name): _outcomes(group) for name, group in cells[cells["family"].isin(wanted)].groupby("family")}
    optima = {name: _optimum(study, cells[cells["family"] == name]) for name in wanted}
    counts = cells.groupby("family")["instance_sha256"].nunique()
    made = []
    for (base, axis), values in swept.items():
        points = [Point(name, value, int(counts[name]), optima[name], outcomes[name]) for name, value in values.items()]
        made.append(Sweep(base, axis, points, _swept(points, cells)))
    return made


def with_excess(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with ``excess`` over the certified optimum, per cent; NaN where none is certified."""
    certified = cells["gap_low"] == cells["gap_high"]
    return cells.assign(excess=(100 * cells["gap_low"]).where(certified))


def _values(base: str, axis: SweepAxis, names: Sequence[str]) -> dict[str, float]:
    """By the name of each family along the axis its value, ascending; without names that no scenario has."""
    found = {}
    for name in names:
        if on_axis(axis, base, name):
            with contextlib.suppress(InputError):
                found[name] = float(axis.value(family_scenario(name, 0)))
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _outcomes(cells: pd.DataFrame) -> dict[str, Outcome]:
    """Of one family, by label."""
    instances = cells["instance_sha256"].nunique()
    exact = cells.groupby("label")["exact"].all()
    of_metrics = {metric: blocks_by(cells, "label", metric) for metric in METRICS}
    found = {}
    for label in of_metrics["cost"]:
        blocks = {metric: by_label[label] for metric, by_label in of_metrics.items()}
        estimates = {
            metric: estimate([block.values for block in of_metric.values()])
            for metric, of_metric in blocks.items()
            if of_metric
        }
        if estimates:
            answered = sum(len(block.instances) for block in blocks["cost"].values())
            found[str(label)] = Outcome(blocks, estimates, answered == instances, bool(exact[label]))
    return found


def _optimum(study: Study, cells: pd.DataFrame) -> Estimate | None:
    instances = cells.drop_duplicates("instance_sha256")
    references = [study.references[sha] for sha in instances["instance_sha256"]]
    if not all(reference.certified for reference in references):
        return None
    costs = pd.Series([reference.best_cost for reference in references], instances.index, dtype=float)
    return estimate([group.to_numpy()[None] for _, group in costs.groupby(instances["scenario_seed"])])


def _swept(points: Sequence[Point], cells: pd.DataFrame) -> dict[str, str]:
    labels = sorted({label for point in points for label in point.outcomes})
    swept = [label for label in labels if sum(label in point.outcomes for point in points) >= LEAST_POINTS]
    names = cells.drop_duplicates("label").set_index("label")["solver"]
    return {label: str(names[label]) for label in swept}


def all_points(sweeps: Sequence[Sweep]) -> list[tuple[Sweep, Point]]:
    """Every point once, with the first sweep that it belongs to."""
    found = {point.family: (sweep, point) for sweep in reversed(sweeps) for point in sweep.points}
    return [found[name] for name in dict.fromkeys(point.family for sweep in sweeps for point in sweep.points)]


def total_instances(sweeps: Sequence[Sweep]) -> int:
    """Of all points, each once."""
    return int(np.sum([point.instances for _, point in all_points(sweeps)]))
