"""Tables and sentences: how far learners are from the best online policy, and from the other solvers."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from reports.chapters.learners.measure import REFERENCE, Contest, Contestant, difference
from reports.statistics.two_way_bootstrap import CONFIDENCE, Estimate
from reports.study.seed_blocks import side
from reports.writing.numbers import MISSING, PERCENT, counted, fixed, points
from reports.writing.table import Column, Table

_INTERVAL = f"{100 * CONFIDENCE:g}{PERCENT} interval"
METHOD = (
    f"Excess is how far a cost lies above that of “{REFERENCE}” with exact allocation on the same instance; solvers "
    f"that see the whole trace may lie below. The {_INTERVAL} holds the luck of training and of traces: scenarios are "
    "fixed; within each, training seeds and traces are resampled with replacement, independently of one another, with "
    "the corrections that few seeds need (two-way bootstrap, Student's quantile). A solver with one seed has an "
    "interval over traces alone. Differences of two solvers are paired by instance and seed: ahead or behind is said "
    "where their interval excludes 0. Each holds by itself; of many, one in twenty may err. An instance counts for a "
    "solver where every one of its seeds has an answer. Other scenarios may rank solvers otherwise."
)


def learners_table(contest: Contest) -> Table:
    """The family's solvers, the cheapest first, each beside the next."""
    columns = (
        Column("solver", lambda r: r.label, "label"),
        Column("seeds", lambda r: str(r.seeds), "number"),
        Column("instances", lambda r: str(r.instances), "number"),
        Column("mean excess, %", lambda r: points(r.excess), "number"),
        Column(_INTERVAL, lambda r: _interval(r.low, r.high), "number"),
        Column("next less this, points", lambda r: points(r.lead), "number"),
        Column(f"its {_INTERVAL}", lambda r: _interval(r.lead_low, r.lead_high), "number"),
        Column("training, CPU s", lambda r: fixed(r.training_cpu_s, 1), "number"),
        Column("remarks", lambda r: r.remarks),
    )
    caption = (
        f"Mean excess over “{REFERENCE}” on {counted(contest.instances, 'instance')} of {contest.family}, and how much "
        "more the solver of the next row costs; those that lack instances stand last. Training: mean CPU time of an "
        "agent. All pairs with a learner stand in tables/learner-pairs.csv."
    )
    return Table("learners", f"{contest.family}: excess over {REFERENCE}", caption, _rows(contest), columns)


def ranking_anchor(number: int) -> str:
    """The place on the page of the learners' table of a family, counted from 0; a second table follows each."""
    return f"learners-{2 * number + 1}"


def _rows(contest: Contest) -> pd.DataFrame:
    rows = []
    for contestant, following in zip(contest.contestants, [*contest.contestants[1:], None], strict=True):
        lead = None if following is None or following.left_out else difference(following, contestant)
        lead = lead or Estimate(math.nan, math.nan, math.nan)
        rows.append(
            {
                "family": contest.family,
                "label": contestant.label,
                "learns": contestant.learns,
                "seeds": contestant.seeds,
                "instances": contestant.instances,
                "complete": not contestant.left_out,
                "excess": contestant.excess.mean,
                "low": contestant.excess.low,
                "high": contestant.excess.high,
                "lead": lead.mean,
                "lead_low": lead.low,
                "lead_high": lead.high,
                "apart": side(lead) != 0,
                "training_cpu_s": math.nan if contestant.training is None else contestant.training.cpu_s,
                "remarks": _remarks(contestant),
            }
        )
    return pd.DataFrame(rows)


def _remarks(contestant: Contestant) -> str:
    said = []
    if contestant.learns and contestant.seeds == 1:
        said.append("one training seed: interval over traces alone")
    if math.isnan(contestant.excess.low):
        said.append("no interval: a scenario with one trace")
    if contestant.training is not None and contestant.training.cut_short:
        said.append(f"{counted(contestant.training.cut_short, 'training')} cut short by the time limit")
    if contestant.left_out:
        said.append(f"{counted(contestant.left_out, 'instance')} without an answer left out")
    return "; ".join(said)


def pairs_table(contest: Contest) -> Table:
    """Every learner beside every other solver of the family."""
    rows = []
    for learner in (contestant for contestant in contest.contestants if contestant.learns):
        for other in contest.contestants:
            found = None if other is learner else difference(learner, other)
            if found is not None:
                rows.append(
                    {"family": contest.family, "label": learner.label, "other": other.label, "difference": found.mean}
                    | {"low": found.low, "high": found.high, "side": side(found)}
                )
    names = ["family", "label", "other", "difference", "low", "high", "side"]
    columns = (
        Column("solver", lambda r: r.label, "label"),
        Column("other", lambda r: r.other, "label"),
        Column("solver less other, points", lambda r: points(r.difference), "number"),
        Column(_INTERVAL, lambda r: _interval(r.low, r.high), "number"),
        Column("the solver is", lambda r: _VERDICTS[r.side]),
    )
    caption = "Differences of excess on the instances of both, in percentage points."
    title = f"{contest.family}: learners beside other solvers"
    return Table("learner-pairs", title, caption, pd.DataFrame(rows, columns=names), columns)


_VERDICTS = {-1: "ahead", 0: "not told apart", 1: "behind"}
_SAID = {-1: "ahead of", 0: "not told apart from", 1: "behind"}


def unmeasured(family: str) -> str:
    """Why there is no table of the family."""
    return f"{family}: no complete answer of “{REFERENCE}”, so there is nothing to measure learners against."


def findings(rows: pd.DataFrame, pairs: pd.DataFrame) -> list[str]:
    """The order of a family's solvers, then each learner's place, from the data of its two tables."""
    complete = rows[rows["complete"]]
    said = [_order(complete)] if len(complete) > 1 else []
    learners = rows[rows["learns"]]
    return [*said, *(_place(row, pairs[pairs["label"] == row.label]) for row in learners.itertuples(index=False))]


def _order(rows: pd.DataFrame) -> str:
    signs = [*("<" if apart else "≈" for apart in rows["apart"].tolist()[:-1]), ""]
    chain = " ".join(f"“{label}” {sign}" for label, sign in zip(rows["label"].tolist(), signs, strict=True)).rstrip()
    family = rows["family"].iloc[0]
    return f"{family}, the cheapest first: {chain}; < where the interval of the difference excludes 0, ≈ elsewhere."


def _place(row: Any, pairs: pd.DataFrame) -> str:
    interval = ", without an interval" if math.isnan(row.low) else f" ({_INTERVAL} {_interval(row.low, row.high)})"
    way = "more" if row.excess >= 0 else "less"
    text = f"{row.family}: “{row.label}” costs {points(abs(row.excess))}{PERCENT} {way} than “{REFERENCE}”{interval}"
    for place, words in _SAID.items():
        others = ", ".join(f"“{other}”" for other in pairs.loc[pairs["side"] == place, "other"])
        text += f"; {words} {others}" if others else ""
    return text + "."


def _interval(low: float, high: float) -> str:
    return MISSING if math.isnan(low) else f"{points(low)} to {points(high)}"
