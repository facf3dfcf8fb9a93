"""Sentences: how far learners are from the best online policy, and who is told apart from whom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from reports.chapters.chapter import Part, Sentence
from reports.chapters.learners.measure import Contest
from reports.statistics.two_way_bootstrap import CONFIDENCE
from reports.study.cells import BEST_ONLINE
from reports.writing.numbers import PERCENT, between, interval_name, points
from reports.writing.table import row_anchor

_INTERVAL = interval_name(CONFIDENCE)
METHOD = (
    f"Excess is how far a cost lies above that of “{BEST_ONLINE}” with exact allocation on the same instance; solvers "
    f"that see the whole trace may lie below. The {_INTERVAL} holds the luck of training and of traces: scenarios are "
    "fixed; within each, training seeds and traces are resampled with replacement, independently of one another, with "
    "the corrections that few seeds need (two-way bootstrap, Student's quantile). A solver with one seed has an "
    "interval over traces alone. Differences of two solvers are paired by instance and seed: ahead or behind is said "
    "where their interval excludes 0. Each holds by itself; of many, one in twenty may err. An instance counts for a "
    "solver where every one of its seeds has an answer. Other scenarios may rank solvers otherwise."
)
_VERDICTS = {-1: "ahead of", 0: "not told apart from", 1: "behind"}
_MOST_FAMILIES = 4
"""So many are named in the headline; the chapter has all."""


def unmeasured(family: str) -> str:
    """Why there is no table of the family."""
    return f"{family}: no complete answer of “{BEST_ONLINE}”, so there is nothing to measure learners against."


def findings(rows: pd.DataFrame, pairs: pd.DataFrame) -> list[str]:
    """The order of a family's solvers, then each learner's place, from the data of its two tables."""
    complete = rows[rows["complete"]]
    order = [_order(complete)] if len(complete) > 1 else []
    learners = rows[rows["learns"]]
    return [*order, *(_place(row, pairs[pairs["label"] == row.label]) for row in learners.itertuples(index=False))]


def _order(rows: pd.DataFrame) -> str:
    signs = [*("<" if different else "≈" for different in rows["apart"].tolist()[:-1]), ""]
    chain = " ".join(f"“{label}” {sign}" for label, sign in zip(rows["label"].tolist(), signs, strict=True)).rstrip()
    family = rows["family"].iloc[0]
    return f"{family}, the cheapest first: {chain}; < where the interval of the difference excludes 0, ≈ elsewhere."


def _place(row: Any, pairs: pd.DataFrame) -> str:
    interval = (
        ", without an interval" if math.isnan(row.low) else f" ({_INTERVAL} {between(row.low, row.high, points)})"
    )
    way = "more" if row.excess >= 0 else "less"
    text = f"{row.family}: “{row.label}” costs {points(abs(row.excess))}{PERCENT} {way} than “{BEST_ONLINE}”{interval}"
    for place, words in _VERDICTS.items():
        others = ", ".join(f"“{other}”" for other in pairs.loc[pairs["side"] == place, "other"])
        text += f"; {words} {others}" if others else ""
    return text + "."


def headline(contests: Sequence[Contest]) -> Sentence | None:
    """How far the best learner of each family is from the best online policy; None where there is none.

    Each claim leads to its row in the family's table of the chapter.
    """
    parts: list[Part] = []
    for number, contest in enumerate(contest for contest in contests if contest.contestants):
        learners = [(n, one) for n, one in enumerate(contest.contestants) if one.learns and not one.left_out]
        if not learners or number >= _MOST_FAMILIES:
            continue
        place, best = learners[0]
        excess = best.excess
        way = "more" if excess.mean >= 0 else "less"
        sure = "" if math.isnan(excess.low) else f" ({_INTERVAL} {between(excess.low, excess.high, points)})"
        claim = f" “{best.label}” costs {points(abs(excess.mean))}{PERCENT} {way} than “{BEST_ONLINE}”{sure}; "
        parts += [Part(f"on\u00a0{contest.family}", row_anchor(_table_anchor(number), place)), Part(claim)]
    if not parts:
        return None
    return (Part("Learning: "), *parts[:-1], Part(parts[-1].text.removesuffix("; ") + "."))


def _table_anchor(number: int) -> str:
    """The place on the page of the learners' table of a family, counted from 0; a second table follows each."""
    return f"learners-{2 * number + 1}"
