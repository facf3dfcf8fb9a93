"""A mean over training seeds and traces, with an interval that holds the luck of both.

Sources: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, Chapman & Hall 1993, chapters 8 and 13
(resampling what was sampled, percentiles); R. Agarwal et al., Deep Reinforcement Learning at the Edge of the
Statistical Precipice, NeurIPS 2021 (runs resampled within each fixed task); A. B. Owen, The Pigeonhole Bootstrap,
Annals of Applied Statistics 1(2), 2007 (rows and columns of a crossed design resampled independently); S. R. Searle,
G. Casella and C. E. McCulloch, Variance Components, Wiley 1992, chapter 4 (mean squares, Satterthwaite's degrees of
freedom); T. C. Hesterberg, What Teachers Should Know About the Bootstrap, The American Statistician 69(4), 2015,
section 4 (a bootstrap of few is too narrow, and by how much).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import stdtrit

CONFIDENCE = 0.95
RESAMPLES = 2000
_TAILS = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)


@dataclass(frozen=True)
class Estimate:
    """A mean and the interval that holds the true one with ``CONFIDENCE``."""

    mean: float
    low: float
    high: float
    """With ``low`` NaN where the spread between traces is unknown."""


@dataclass(frozen=True)
class _Level:
    """What is resampled together: the effects (n,) of seeds or of traces, of mean 0, as spread as they truly are."""

    effects: np.ndarray
    of_seeds: bool
    variance: float
    """Of their mean."""
    uncertainty: float
    """Of ``variance``: the sum of squared terms over their degrees of freedom (Satterthwaite)."""


def estimate(blocks: Sequence[np.ndarray]) -> Estimate:
    """The mean of all traces, from one block (I, J) a scenario: I training seeds, each judged on the same J traces.

    Scenarios are fixed; within each, seeds and traces are resampled independently of one another. With MS_A, MS_B and
    MS_E the mean squares of seeds, traces and their interaction, the variance of a block's mean is
    (MS_A + MS_B - MS_E) / (I J): a plain resampling of few is too narrow by (I - 1) / I and counts the interaction
    again at each level, so the effects of seeds are scaled to max(MS_A - MS_E, 0), those of traces to MS_B, and
    the percentiles are stretched to the width of Student's interval: the bootstrap says to which side it leans. A
    single seed (I = 1) leaves an interval over traces alone; a block with a single trace leaves none. Always the same
    for the same blocks. Raises ValueError for no block or an empty one.

    ``python -m reports.statistics.simulated_studies`` prints how often it holds the true mean: as
    often as it says for effects without skew, too seldom with two seeds of one scenario or a few, badly skewed, seeds.
    """
    if not blocks or any(block.ndim != 2 or block.size == 0 for block in blocks):
        raise ValueError("blocks: must be at least one (seeds, traces) array, none of them empty")
    traces = sum(block.shape[1] for block in blocks)
    shares = [block.shape[1] / traces for block in blocks]
    mean = float(sum(share * block.mean() for share, block in zip(shares, blocks, strict=True)))
    if any(block.shape[1] < 2 for block in blocks):
        return Estimate(mean, math.nan, math.nan)
    levels = [level for share, block in zip(shares, blocks, strict=True) for level in _levels(share * block)]
    draws = _draws(tuple(level.effects.size for level in levels))
    moved = sum(level.effects[drawn].sum(0) / len(drawn) for level, drawn in zip(levels, draws, strict=True))
    below, above = map(float, np.quantile(moved, _TAILS))
    if below == above:  # All are equal, up to rounding.
        return Estimate(mean, mean, mean)
    reach = float(stdtrit(_freedom(levels), _TAILS[1])) * math.sqrt(sum(level.variance for level in levels))
    stretch = 2 * reach / (above - below)
    return Estimate(mean, mean + stretch * below, mean + stretch * above)


@lru_cache(maxsize=2)
def _draws(sizes: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """For levels with so many effects which of them are resampled, (n, RESAMPLES); kept for estimates alike in this."""
    random = np.random.default_rng(0)
    smallest = [np.min_scalar_type(size - 1) for size in sizes]
    drawn = (random.integers(size, size=(RESAMPLES, size)) for size in sizes)
    return tuple(np.ascontiguousarray(one.T, dtype) for one, dtype in zip(drawn, smallest, strict=True))


def _freedom(levels: Sequence[_Level]) -> float:
    """Degrees of freedom of the variance of the mean.

    Satterthwaite's, but in a single scenario where seeds make up most of the variance no more than there are seeds to
    tell it from: when few of them happen to lie close together, his formula takes that for certainty.
    """
    variance, uncertainty = sum(level.variance for level in levels), sum(level.uncertainty for level in levels)
    known = variance**2 / uncertainty
    if len(levels) == 2 and levels[1].of_seeds and 2 * levels[1].variance > variance:
        return min(known, levels[1].effects.size - 1)
    return known


def _levels(block: np.ndarray) -> list[_Level]:
    """The levels of one block (I, J), J >= 2: its traces, and its seeds where there are several."""
    seeds, traces = block.shape
    mean = block.mean()
    of_traces = block.sum(axis=0) / seeds - mean
    ms_traces = seeds * float(of_traces @ of_traces) / (traces - 1)
    level = _level(of_traces, False, ms_traces / block.size, (ms_traces / block.size) ** 2 / (traces - 1))
    if seeds == 1:
        return [level]
    of_seeds = block.mean(axis=1) - mean
    ms_seeds = traces * float(of_seeds @ of_seeds) / (seeds - 1)
    rest = block - mean - of_seeds[:, None] - of_traces
    ms_rest = float((rest**2).sum()) / ((seeds - 1) * (traces - 1))
    if ms_seeds <= ms_rest:
        return [level]
    terms = (ms_seeds / block.size) ** 2 / (seeds - 1), (ms_rest / block.size) ** 2 / ((seeds - 1) * (traces - 1))
    return [level, _level(of_seeds, True, (ms_seeds - ms_rest) / block.size, sum(terms))]


def _level(effects: np.ndarray, of_seeds: bool, variance: float, uncertainty: float) -> _Level:
    """The effects scaled so that the mean of a resample of them has this variance."""
    plain = float(effects @ effects) / effects.size**2
    return _Level(effects * math.sqrt(variance / plain) if plain else effects, of_seeds, variance, uncertainty)
