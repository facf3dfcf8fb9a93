"""Tables and sentences: average ranks, and every pair of solvers."""

from __future__ import annotations

import math
from dataclasses import asdict

import pandas as pd

from reports.chapters.ranks.measure import MOST, Ranking
from reports.statistics.paired_tests import POWER, SIGNIFICANCE
from reports.writing.numbers import MISSING, PERCENT, counted, fixed, points, significant
from reports.writing.table import Column, Table

METHOD = (
    "On every instance solvers are ranked by the mean gap of their repetitions, 1 for the best; equal costs share "
    "their mean rank, and those without an answer share the last. Only solvers that were tried on every instance of a "
    f"scope take part, at most {MOST} of them. Two are told apart where the signed ranks of their differences "
    f"(Wilcoxon, with Pratt's ties) have a p-value of at most {SIGNIFICANCE:g} after Holm's correction for all pairs "
    "of the scope: one error in twenty such tables, not in twenty pairs. The smallest detectable lead is the true mean "
    f"lead that these instances, with that correction, show {100 * POWER:g}{PERCENT} of the time (a t-test's, so "
    "approximate); not told apart means no more than that the lead may be smaller. Instances count as independent, but "
    "traces of one scenario resemble one another: what is told apart here differs on these scenarios, and other "
    "scenarios or other training seeds may rank solvers otherwise. Ranks forget by how much; the gaps stand beside "
    "them."
)


def ranks_table(ranking: Ranking) -> Table:
    """The solvers by average rank, each compared with the next."""
    following = {(pair.first, pair.second): pair for pair in ranking.pairs}
    rows = []
    for place, (label, rank) in enumerate(zip(ranking.labels, ranking.ranks, strict=True)):
        row: dict[str, object] = {"scope": ranking.scope, "label": label, "rank": rank, "instances": ranking.instances}
        later = [pair for pair in ranking.pairs if pair.first == label and _leads(ranking, pair.second, rank)]
        row |= {"told_apart_behind": sum(pair.differs for pair in later)}
        pair = None if place + 1 == len(ranking.labels) else following[label, ranking.labels[place + 1]]
        values = (math.nan,) * 3 if pair is None else (pair.lead, pair.p, pair.detectable)
        rows.append(row | dict(zip(("next_lead", "next_p", "next_detectable"), values, strict=True)))
    columns = (
        Column("solver", lambda r: r.label, "label"),
        Column("average rank", lambda r: fixed(r.rank, 2), "number"),
        Column("solvers told apart behind it", lambda r: str(r.told_apart_behind), "number"),
        Column("next less this, gap points", lambda r: points(r.next_lead), "number"),
        Column("p, corrected", lambda r: _p(r.next_p), "number"),
        Column("smallest detectable, points", lambda r: points(r.next_detectable), "number"),
    )
    return Table("ranks", f"{ranking.scope}: average ranks", _caption(ranking), pd.DataFrame(rows), columns)


def _leads(ranking: Ranking, label: str, rank: float) -> bool:
    return ranking.ranks[ranking.labels.index(label)] > rank


def _caption(ranking: Ranking) -> str:
    sentences = [
        f"{counted(len(ranking.labels), 'solver')} on {counted(ranking.instances, 'instance')}. Friedman's test of all "
        f"at once: p {_sign(ranking.friedman_p)}; critical difference of two average ranks (Nemenyi): "
        f"{fixed(ranking.critical_difference, 2)}."
    ]
    if not ranking.decisive:
        sentences.append(
            f"So few instances cannot tell {len(ranking.pairs)} pairs apart, even if all of them agree: nothing is "
            "told apart here."
        )
    if ranking.left_out:
        sentences.append(f"Left out: {', '.join(ranking.left_out)}.")
    return " ".join([*sentences, "All pairs stand in tables/rank-pairs.csv."])


def pairs_table(ranking: Ranking) -> Table:
    """Every pair of solvers."""
    rows = [{"scope": ranking.scope, **asdict(pair), "apart": pair.differs} for pair in ranking.pairs]
    columns = (
        Column("solver", lambda r: r.first, "label"),
        Column("other", lambda r: r.second, "label"),
        Column("better, equal, worse on", lambda r: f"{r.wins}, {r.ties}, {r.losses}", "number"),
        Column("other less solver, gap points", lambda r: points(r.lead), "number"),
        Column("p, corrected", lambda r: _p(r.p), "number"),
        Column("smallest detectable, points", lambda r: points(r.detectable), "number"),
        Column("told apart", lambda r: "yes" if r.apart else "no"),
    )
    caption = f"Every pair on {counted(ranking.instances, 'instance')}; differences of gaps in percentage points."
    return Table("rank-pairs", f"{ranking.scope}: pairs of solvers", caption, pd.DataFrame(rows), columns)


def findings(ranking: Ranking) -> str:
    """Who is first, and of whom it is not told apart."""
    first = ranking.labels[0]
    level = [pair.second for pair in ranking.pairs if pair.first == first and not pair.differs]
    different = sum(pair.differs for pair in ranking.pairs)
    if not ranking.decisive:
        return (
            f"{ranking.scope}: {counted(ranking.instances, 'instance')} are too few to tell any of "
            f"{counted(len(ranking.pairs), 'pair')} apart."
        )
    others = ", ".join(f"“{label}”" for label in level)
    place = f"not told apart from {others}" if level else "told apart from every other solver"
    return (
        f"{ranking.scope}: “{first}” has the least average rank, {fixed(ranking.ranks[0], 2)}, and is {place}; "
        f"{different} of {counted(len(ranking.pairs), 'pair')} are told apart."
    )


def _p(value: float) -> str:
    return MISSING if math.isnan(value) else "< 0.001" if value < 0.001 else significant(value, 2)


def _sign(value: float) -> str:
    text = _p(value)
    return text if text.startswith("<") else f"= {text}"
