"""Sentences: which orders of solvers hold whatever the demand, which turn, and how the comparison was made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from problems.families.fitted import shipped_scenario
from problems.families.named import family_purposes
from reports.chapters.demand.measure import HOLDS, NEVER, PARTLY, TURNS, WHOLE, Comparison, Pair
from reports.chapters.demand.table import INTERVAL
from reports.writing.numbers import PERCENT, counted, fixed, listed

_NAMED = 8
"""So many turned pairs are named; the table has all."""
_WORDS = {1: "ahead", -1: "behind", 0: "not told apart"}
_OF = {1: "ahead of", 0: "not told apart from", -1: "behind"}


def findings(comparison: Comparison) -> list[str]:
    """What holds, what turns, how alike the rankings are, whose gain moves most, and where every learner stands."""
    sentences = [_counts(comparison), *_turned(comparison), _held(comparison), _alike(comparison), _moved(comparison)]
    sentences += [_level(comparison, family) for family in comparison.families]
    sentences += [_learner(comparison, label) for label in comparison.learners]
    return [sentence for sentence in sentences if sentence]


def method(comparison: Comparison) -> str:
    """How the figures are found, who sees what, and what they cannot say."""
    purposes = family_purposes()
    families = ". ".join(f"“{family}”: {purposes[family]}" for family in comparison.families)
    text = (
        "Compared are the solvers that answered everything on all families, on instances with a certified optimum. "
        f"{families}. Captured gain is pooled over a family's instances. Its {INTERVAL} is over traces and training "
        "seeds (two-way bootstrap within each scenario); scenarios are fixed, and a fitted family is a single one. "
        f"Intervals end at {WHOLE:g}{PERCENT}, which nobody exceeds. Rank 1 gains most; equal gains share their "
        "mean rank. Two solvers are told apart on a family where the interval of their paired difference excludes 0. "
        "Each interval holds by itself; of many, one in twenty may err: an order that turns takes two of them, in "
        "opposite directions. Solvers that gain everything on every family, or nothing, are no part of the pairs: that "
        "is what the scale is made of. Learners had the training that the matrix gave them. A family differs from "
        "another in curves, sizes and prices as well as in demand: that an order turns does not say which of these "
        "turned it. Traces of a fitted family are sampled from the fit; a replayed log is an instance of its own. What "
        "was neither measured nor logged is assumed: the last table lists it."
    )
    hidden = [family for family in comparison.fitted if not shipped_scenario(family, None).demand.state_observed]
    return f"{text} {_hidden(hidden)}" if hidden else text


def _hidden(families: Sequence[str]) -> str:
    return (
        f"The popularity state of {listed(families)} is hidden. There solvers of the tier online-model-based, which "
        "know the demand process, weigh its states by the past requests; “online-optimal” then plans as if the state "
        "were known from the next frame on, so that it need not be the best online policy. “t2drl” sees how much of "
        "the past requests fell on each model, recent ones weighing more, and neither states nor probabilities; “lru” "
        "and “lfu” see past requests alone, as they do everywhere. Solvers of the tier hindsight see the requests, and "
        "need no state."
    )


def _counts(comparison: Comparison) -> str:
    number = {word: sum(pair.verdict == word for pair in comparison.pairs) for word in (HOLDS, TURNS, PARTLY, NEVER)}
    return (
        f"On {listed(comparison.families)} {counted(len(comparison.contestants), 'solver')} make "
        f"{counted(len(comparison.pairs), 'pair')}: {number[HOLDS]} are told apart the same way on every family, "
        f"{number[TURNS]} in opposite ways, {number[PARTLY]} on some families only, {number[NEVER]} nowhere."
    )


def _turned(comparison: Comparison) -> list[str]:
    turned = [pair for pair in comparison.pairs if pair.verdict == TURNS]
    sentences = [_turn(comparison, pair) for pair in turned[:_NAMED]]
    if turned[_NAMED:]:
        sentences.append(f"The order of {counted(len(turned) - _NAMED, 'more pair')} turns: see the table.")
    return sentences


def _turn(comparison: Comparison, pair: Pair) -> str:
    places = {
        side: [family for family, found in zip(comparison.families, pair.sides, strict=True) if found == side]
        for side in _WORDS
    }
    words = [f"{word} on {listed(places[side])}" for side, word in _WORDS.items() if places[side]]
    return f"The order of “{pair.first}” and “{pair.second}” turns: the first is {listed(words)}."


def _held(comparison: Comparison) -> str:
    behind: dict[str, list[str]] = {}
    for pair in comparison.pairs:
        if pair.verdict == HOLDS:
            first, second = (pair.first, pair.second) if pair.sides[0] > 0 else (pair.second, pair.first)
            behind.setdefault(first, []).append(second)
    ahead: dict[tuple[str, ...], list[str]] = {}
    for first, others in behind.items():
        ahead.setdefault(tuple(others), []).append(first)
    orders = [
        f"{listed(_quoted(firsts))} {'is' if len(firsts) == 1 else 'are'} ahead of {listed(_quoted(others))}"
        for others, firsts in ahead.items()
    ]
    return f"On every family {'; '.join(orders)}." if orders else "No order of two solvers holds on every family."


def _alike(comparison: Comparison) -> str:
    taus = [
        f"{fixed(comparison.correlation(*pair), 2)} between {listed(pair)}"
        for pair in combinations(comparison.families, 2)
    ]
    return f"Kendall's tau-b of the ranks is {'; '.join(taus)}."


def _moved(comparison: Comparison) -> str:
    def spread(label: str) -> float:
        gains = [stand.gain.mean for stand in comparison.standings[label]]
        return max(gains) - min(gains)

    label = max(comparison.labels, key=spread)
    stands = zip(comparison.standings[label], comparison.families, strict=True)
    gains = [f"{fixed(stand.gain.mean, 1)}{PERCENT} on {family}" for stand, family in stands]
    return f"The captured gain of “{label}” moves most: {', '.join(gains)}."


def _level(comparison: Comparison, family: str) -> str:
    groups = [listed(_quoted(labels)) for labels in comparison.levels(family)]
    return f"On {family} the same gain is captured by {'; by '.join(groups)}." if groups else ""


def _learner(comparison: Comparison, label: str) -> str:
    standings = []
    for place, (family, stand) in enumerate(zip(comparison.families, comparison.standings[label], strict=True)):
        seeds = stand.by_seed
        spread = f" ({counted(len(seeds), 'training seed')}: {fixed(min(seeds), 1)} to {fixed(max(seeds), 1)})"
        gain = f"on {family} {fixed(stand.gain.mean, 1)}{PERCENT}{spread if len(seeds) > 1 else ''}"
        others = {side: _others(comparison, label, place, side) for side in _OF}
        words = [f"{_OF[side]} {listed(_quoted(found))}" for side, found in others.items() if found]
        standings.append(f"{gain}, {', '.join(words)}")
    return f"“{label}” captures {'; '.join(standings)}."


def _others(comparison: Comparison, label: str, place: int, side: int) -> list[str]:
    ahead = [pair.second for pair in comparison.pairs if pair.first == label and pair.sides[place] == side]
    return ahead + [pair.first for pair in comparison.pairs if pair.second == label and pair.sides[place] == -side]


def _quoted(labels: Sequence[str]) -> list[str]:
    return [f"“{label}”" for label in labels]
