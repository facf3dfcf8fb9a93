"""How often the report's intervals and tests err, in simulated studies whose truth is known.

``python -m reports.statistics.simulated_studies`` prints it; ``--studies`` says how many of each kind.
Always the same figures.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from reports.statistics.average_ranks import friedman_p, ranks_of
from reports.statistics.paired_tests import POWER, SIGNIFICANCE, holm, least_detectable, signed_rank_p
from reports.statistics.two_way_bootstrap import CONFIDENCE, estimate

STUDIES = 1000
_TRUTH = 2.0
Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
"""Numbers of mean 0 and variance 1."""


def normal(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Without skew."""
    return random.normal(size=shape)


def skewed(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Mostly a little below the mean, sometimes far above it: an exponential distribution."""
    return random.exponential(size=shape) - 1


def heavy(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Far from the mean now and then, on either side: Student's t with 4 degrees of freedom."""
    return random.standard_t(4, size=shape) / math.sqrt(2)


@dataclass(frozen=True)
class Design:
    """A study: so many scenarios, training seeds and traces, and how much each of them matters."""

    scenarios: int
    seeds: int
    traces: int
    spreads: tuple[float, float, float]
    """Standard deviations of the effects of seeds, of traces, and of the rest."""
    draw: Draw = normal

    def blocks(self, random: np.random.Generator, truth: float) -> list[np.ndarray]:
        """One (seeds, traces) array a scenario."""
        shapes = (self.seeds, 1), (1, self.traces), (self.seeds, self.traces)
        return [
            truth
            + sum(spread * self.draw(random, shape) for spread, shape in zip(self.spreads, shapes, strict=True))
            + np.zeros((self.seeds, self.traces))
            for _ in range(self.scenarios)
        ]

    def __str__(self) -> str:
        scale = " : ".join(f"{spread:g}" for spread in self.spreads)
        return f"{self.scenarios} x {self.seeds} x {self.traces}, {scale}, {self.draw.__name__}"


USUAL = (
    *(Design(3, seeds, 20, spreads) for seeds in (3, 5) for spreads in ((1, 1, 1), (1, 0.3, 0.3), (0, 1, 1))),
    *(Design(1, 5, 20, spreads) for spreads in ((1, 1, 1), (1, 0.3, 0.3))),
    *(Design(scenarios, 1, 12, (0, 1, 0)) for scenarios in (1, 3)),
    Design(3, 5, 20, (1, 1, 1), heavy),
)
"""Studies such as the shipped matrices make."""
HARD = (
    *(Design(1, 2, 20, spreads) for spreads in ((1, 1, 1), (1, 0.3, 0.3))),
    *(Design(3, 2, 4, spreads) for spreads in ((1, 1, 1), (0, 1, 1))),
    *(Design(*sizes, spreads, skewed) for sizes in ((1, 5, 20), (3, 5, 20)) for spreads in ((1, 1, 1), (1, 0.3, 0.3))),
    Design(1, 1, 4, (0, 1, 0), skewed),
)
"""Where few seeds or traces have to stand for all, or luck is lopsided."""


def coverage(design: Design, studies: int) -> float:
    """The share of studies whose interval holds the true mean."""
    random = np.random.default_rng(1)
    found = (estimate(design.blocks(random, _TRUTH)) for _ in range(studies))
    return sum(each.low <= _TRUTH <= each.high for each in found) / studies


def signed_rank_alarms(instances: int, lead: float, draw: Draw, studies: int) -> float:
    """The share of studies in which the signed ranks tell two solvers apart, whose true lead is this."""
    random = np.random.default_rng(3)
    return sum(signed_rank_p(lead + draw(random, (instances,))) <= SIGNIFICANCE for _ in range(studies)) / studies


def friedman_alarms(instances: int, solvers: int, studies: int) -> float:
    """The share of studies in which Friedman's test tells equal solvers apart."""
    random = np.random.default_rng(4)
    drawn = (ranks_of(normal(random, (instances, solvers))) for _ in range(studies))
    return sum(friedman_p(ranks) <= SIGNIFICANCE for ranks in drawn) / studies


def pairwise_alarms(instances: int, solvers: int, studies: int) -> float:
    """The share of studies in which any two of several equal solvers are told apart, after Holm's correction."""
    random = np.random.default_rng(5)
    first, second = np.triu_indices(solvers, 1)
    alarms = 0
    for _ in range(studies):
        losses = normal(random, (instances, solvers))
        p_values = [signed_rank_p(losses[:, b] - losses[:, a]) for a, b in zip(first, second, strict=True)]
        alarms += min(holm(p_values)) <= SIGNIFICANCE
    return alarms / studies


def power_at_least_detectable(instances: int, draw: Draw, studies: int) -> float:
    """The share of studies that tell two solvers apart whose true lead is the smallest detectable one."""
    typical = np.median([least_detectable(draw(np.random.default_rng(seed), (instances,))) for seed in range(200)])
    return signed_rank_alarms(instances, float(typical), draw, studies)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every share, in per cent."""
    parser = argparse.ArgumentParser(
        prog="python -m reports.statistics.simulated_studies", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--studies", type=int, default=STUDIES, metavar="N", help=f"of each kind (default {STUDIES})")
    studies = parser.parse_args(arguments).studies
    if studies < 1:
        parser.error(f"--studies: {studies}; must be >= 1")
    sizes = "scenarios x seeds x traces, spread of seeds : traces : rest, kind"
    print("A false alarm of an interval is a true mean outside: two equal solvers said to be ahead of one another.")
    for title, designs in (("usual studies", USUAL), ("hard studies", HARD)):
        print(f"\n{title}: {sizes}\n{'interval holds the truth':>60}{'false alarm':>14}")
        for design in designs:
            held = coverage(design, studies)
            print(f"{design!s:<46}{held:>14.1%}{1 - held:>14.1%}")
    print(f"wanted: {CONFIDENCE:.0%} and {1 - CONFIDENCE:.0%}")
    print(f"\ntests at {SIGNIFICANCE:.0%}, no difference{'false alarm':>33}")
    for instances in (8, 12, 36, 60):
        for draw in (normal, heavy):
            name = f"signed ranks, {instances} instances, {draw.__name__}"
            print(f"{name:<46}{signed_rank_alarms(instances, 0.0, draw, studies):>14.1%}")
    for instances, solvers in ((12, 4), (36, 4)):
        sizes = f"{instances} instances, {solvers} solvers"
        print(f"{f'Friedman, {sizes}':<46}{friedman_alarms(instances, solvers, studies):>14.1%}")
        print(f"{f'any pair after Holm, {sizes}':<46}{pairwise_alarms(instances, solvers, studies):>14.1%}")
    print(f"\nsmallest detectable lead, wanted {POWER:.0%}{'found':>23}")
    for instances in (12, 36):
        for draw in (normal, heavy):
            share = power_at_least_detectable(instances, draw, studies)
            print(f"{f'signed ranks, {instances} instances, {draw.__name__}':<46}{share:>14.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
