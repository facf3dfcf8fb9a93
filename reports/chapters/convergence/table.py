"""Tables and sentences: how fast learners come to what they end with, and whether they had learnt all they could."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from reports.chapters.convergence.measure import (
    CONFIDENCE,
    LAST_SHARE,
    NEAR_PERCENT,
    Change,
    Convergence,
    FamilyConvergence,
)
from reports.writing.numbers import PERCENT, between, counted, interval_name, points, significant
from reports.writing.table import Column, Table

_INTERVAL = interval_name(CONFIDENCE)
_NEAR = f"{NEAR_PERCENT:g}{PERCENT}"
METHOD = (
    "While an agent is trained it is measured at the start, at about evenly spaced steps and at the end, on a few "
    "validation traces that it does not train on and that no solver is judged on. The excess is the mean cost above "
    "the optimum in hindsight, with its caches and its allocations; that of allocations alone is above exact ones "
    "under the same caches. The optimum knows the future: no online policy can be expected to reach it. CPU time is "
    "that of the training, without the measurements. In the shipped settings the allocator learns alone at first, and "
    "the caches are those of an untrained network until half of the steps are played. A line is the median over "
    "agents, one a scenario and training seed, or one a seed for an agent of many scenarios; its band lies between "
    "the quartiles; agents that a limit cut short count as far as they came. A solver that shares an agent with "
    f"others has no line of its own. The change over the last {100 * LAST_SHARE:g}{PERCENT} of the steps is a mean "
    f"over agents with Student's {_INTERVAL}. A few traces are a rough measure: the solvers are compared on the judged "
    "instances elsewhere in this report."
)


def convergence_table(found: FamilyConvergence) -> Table:
    """The learners of a family, the least final excess first."""
    columns = (
        Column("learner", lambda r: r.learner, "label"),
        Column("agents", lambda r: str(r.agents), "number"),
        Column("environment steps", lambda r: f"{r.environment_steps:,}", "number"),
        Column("training, CPU s", lambda r: significant(r.training_cpu_s), "number"),
        Column("excess at first, %", lambda r: points(r.first_excess), "number"),
        Column("at the end, %", lambda r: points(r.excess), "number"),
        Column("quartiles", lambda r: between(r.excess_low, r.excess_high, points), "number"),
        Column("of allocations, %", lambda r: points(r.allocation), "number"),
        Column(f"within {_NEAR} of the end after, CPU s", lambda r: significant(r.near_end_s), "number"),
        Column(f"within {_NEAR} of the optimum after, CPU s", lambda r: significant(r.near_optimum_s), "number"),
        Column("late change, points", lambda r: points(r.change), "number"),
        Column(f"its {_INTERVAL}", lambda r: between(r.change_low, r.change_high, points), "number"),
        Column("cut short", lambda r: str(r.cut_short), "number"),
    )
    data = pd.DataFrame([_row(found.family, learner) for learner in found.learners])
    data = data.sort_values(["excess", "learner"], kind="stable", ignore_index=True)
    caption = (
        "Medians over agents, at the last point that any of them came to. The late change is that of the mean excess "
        f"over the last {100 * LAST_SHARE:g}{PERCENT} of the steps. Cut short: trainings that a limit ended. All "
        "points stand in tables/convergence-points.csv."
    )
    return Table("convergence", f"{found.family}: learners in the course of their training", caption, data, columns)


def points_table(found: FamilyConvergence) -> Table:
    """Every point of every line of a family."""
    columns = (
        Column("learner", lambda r: r.learner, "label"),
        Column("environment steps", lambda r: f"{r.environment_steps:,}", "number"),
        Column("agents", lambda r: str(r.agents), "number"),
        Column("training, CPU s", lambda r: significant(r.training_cpu_s), "number"),
        Column("excess, %", lambda r: points(r.excess), "number"),
        Column("quartiles", lambda r: between(r.excess_low, r.excess_high, points), "number"),
        Column("of allocations, %", lambda r: points(r.allocation), "number"),
        Column("their quartiles", lambda r: between(r.allocation_low, r.allocation_high, points), "number"),
    )
    parts = [one.points.assign(family=found.family, learner=one.learner) for one in found.learners]
    data = pd.concat(parts, ignore_index=True)
    data = data[["family", "learner", *(name for name in data if name not in ("family", "learner"))]]
    return Table("convergence-points", f"{found.family}: learning curves", "Medians over agents.", data, columns)


def findings(found: FamilyConvergence) -> list[str]:
    """A sentence or two a learner, and one for those that were not measured."""
    sentences = [_finding(found.family, learner) for learner in found.learners]
    if found.unmeasured:
        names = ", ".join(f"“{label}”" for label in found.unmeasured)
        sentences.append(f"{found.family}: nothing was measured while the agents of {names} were trained.")
    return sentences


def _finding(family: str, learner: Convergence) -> str:
    row, agents = _row(family, learner), counted(len(learner.curves), "agent")
    text = (
        f"{family}: “{learner.learner}” ({agents}) ends {points(row['excess'])}{PERCENT} above the optimum after "
        f"{significant(row['training_cpu_s'])} CPU seconds, {points(row['allocation'])}{PERCENT} by its allocations "
        "alone"
    )
    near_end, near_optimum = row["near_end_s"], row["near_optimum_s"]
    text += f"; it stays within {_NEAR} of that cost from {significant(near_end)} s on"
    if math.isnan(near_optimum):
        text += f", and does not come within {_NEAR} of the optimum"
    else:
        text += f", and within {_NEAR} of the optimum from {significant(near_optimum)} s on"
    return f"{text}. {_late(learner.late_change)}"


def _late(change: Change | None) -> str:
    if change is None:
        return "Whether it had learnt all it could is not known: no training came to its end."
    amount = f"Its excess changed by {points(change.mean)} points at the end"
    if math.isnan(change.low):
        return f"{amount}; one agent alone does not tell whether that is luck."
    words = "it still improved" if change.high < 0 else "it got worse" if change.low > 0 else "not told apart from none"
    return f"{amount} ({_INTERVAL} {between(change.low, change.high, points)}): {words}."


def _row(family: str, learner: Convergence) -> dict[str, Any]:
    course, change = learner.points, learner.late_change or Change(math.nan, math.nan, math.nan)
    last, several = course.iloc[-1], len(learner.curves) > 1
    near_end, near_optimum = learner.near(float(last["excess"])), learner.near(0.0)
    return {
        "family": family,
        "learner": learner.learner,
        "agents": len(learner.curves),
        "environment_steps": int(last["environment_steps"]),
        "training_cpu_s": float(last["training_cpu_s"]),
        "first_excess": float(course["excess"].iloc[0]),
        "excess": float(last["excess"]),
        "excess_low": float(last["excess_low"]) if several else math.nan,
        "excess_high": float(last["excess_high"]) if several else math.nan,
        "allocation": float(last["allocation"]),
        "near_end_s": math.nan if near_end is None else near_end,
        "near_optimum_s": math.nan if near_optimum is None else near_optimum,
        "change": change.mean,
        "change_low": change.low,
        "change_high": change.high,
        "validation_share": learner.validation_share,
        "cut_short": learner.cut_short,
    }
