"""Tables: how far learners are from the best online policy, and from the other solvers."""

from __future__ import annotations

import math

import pandas as pd

from reports.chapters.learners.measure import Contest, Contestant, difference
from reports.statistics.two_way_bootstrap import CONFIDENCE, Estimate
from reports.study.cells import BEST_ONLINE
from reports.study.seed_blocks import side
from reports.writing.numbers import between, counted, fixed, interval_name, points
from reports.writing.table import Column, Table

_INTERVAL = interval_name(CONFIDENCE)
_VERDICTS = {-1: "ahead", 0: "not told apart", 1: "behind"}


def learners_table(contest: Contest) -> Table:
    """The family's solvers, the cheapest first, each compared with the next."""
    columns = (
        Column("solver", lambda r: r.label, "label"),
        Column("seeds", lambda r: str(r.seeds), "number"),
        Column("instances", lambda r: str(r.instances), "number"),
        Column("mean excess, %", lambda r: points(r.excess), "number"),
        Column(_INTERVAL, lambda r: between(r.low, r.high, points), "number"),
        Column("next less this, points", lambda r: points(r.lead), "number"),
        Column(f"its {_INTERVAL}", lambda r: between(r.lead_low, r.lead_high, points), "number"),
        Column("training, CPU s", lambda r: fixed(r.training_cpu_s, 1), "number"),
        Column("remarks", lambda r: r.remarks),
    )
    caption = (
        f"Mean excess over “{BEST_ONLINE}” on {counted(contest.instances, 'instance')} of {contest.family}, and how "
        "much more the solver of the next row costs; those that lack instances stand last. Training: mean CPU time of "
        "an agent. All pairs with a learner stand in tables/learner-pairs.csv."
    )
    return Table("learners", f"{contest.family}: excess over {BEST_ONLINE}", caption, _rows(contest), columns)


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
    remarks = []
    if contestant.learns and contestant.seeds == 1:
        remarks.append("one training seed: interval over traces alone")
    if math.isnan(contestant.excess.low):
        remarks.append("no interval: a scenario with one trace")
    if contestant.training is not None and contestant.training.cut_short:
        remarks.append(f"{counted(contestant.training.cut_short, 'training')} cut short by the time limit")
    if contestant.left_out:
        remarks.append(f"{counted(contestant.left_out, 'instance')} without an answer left out")
    return "; ".join(remarks)


def pairs_table(contest: Contest) -> Table:
    """Every learner compared with every other solver of the family."""
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
        Column(_INTERVAL, lambda r: between(r.low, r.high, points), "number"),
        Column("the solver is", lambda r: _VERDICTS[r.side]),
    )
    caption = "Differences of excess on the instances of both, in percentage points."
    title = f"{contest.family}: learners beside other solvers"
    return Table("learner-pairs", title, caption, pd.DataFrame(rows, columns=names), columns)
