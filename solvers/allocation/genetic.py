"""Allocation by a genetic algorithm: the baseline that papers on edge caching compare with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Self

import numpy as np

from problems.episode import Slots
from problems.equal_split import equal_split
from solvers.base import AllocationStrategy
from solvers.slot.costs import slot_costs
from solvers.slot.step_options import step_range

CHUNK = 1 << 17
"""Users times chromosomes evaluated at once: bounds memory."""
LEAST_WEIGHT = 1e-3
"""The bandwidth weight of a gene 0; a gene 1 has the weight 1."""
CLOUD = 0.2
"""Step genes up to here ask for the fewest steps; from here on steps grow linearly to the most of use at 1."""


@dataclass(frozen=True)
class GeneticAllocation(AllocationStrategy):
    """A real-coded genetic algorithm in every slot, never worse than the equal split.

    A chromosome has two genes in [0, 1] for each user, a bandwidth weight and a share of the steps of
    use to it; a repair makes every chromosome feasible. The first generation is random but for the
    equal split. Parents win binary tournaments, children come from simulated binary crossover (Deb and
    Agrawal, Simulated Binary Crossover for Continuous Search Space, 1995) and polynomial mutation (Deb and
    Goyal, A Combined Genetic Adaptive Search, 1996), and the best of parents and children survive. A slot's
    random numbers are a function of the seed and the slot's own arrays, so rows are independent.
    """

    population: int = 40
    """Chromosomes; at least 4 and even."""
    generations: int = 80
    """After the first; at least 0."""
    crossover: float = 0.9
    """Probability that two parents are crossed."""
    crossover_index: float = 5.0
    """The greater, the closer children are to their parents; at least 0."""
    mutations: float = 3.0
    """Genes of a child mutated on average, at least 0."""
    mutation_index: float = 2.0
    """The greater, the smaller mutations are; at least 0."""
    seed: int = 0
    """Added to the seed of the run; at least 0."""

    def __post_init__(self) -> None:
        if self.population < 4 or self.population % 2:
            raise ValueError(f"population: {self.population}; must be even and >= 4")
        if not 0 <= self.crossover <= 1:
            raise ValueError(f"crossover: {self.crossover}; must be in [0, 1]")
        for name in ("generations", "crossover_index", "mutations", "mutation_index", "seed"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise ValueError(f"{name}: {getattr(self, name)}; must be >= 0 and finite")

    def seeded(self, seed: int) -> Self:
        """The strategy for one run's seed."""
        return replace(self, seed=self.seed + seed)

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and steps (B, N)."""
        bandwidth = np.zeros(slots.request.shape)
        steps = np.zeros(slots.request.shape, dtype=np.int64)
        chunk = max(1, CHUNK // (self.population * max(1, slots.request.shape[1])))
        for start in range(0, len(slots), chunk):
            rows = slice(start, start + chunk)
            part = slots.take(rows)
            bandwidth[rows], steps[rows] = decode(part, self._evolve(part))
        return bandwidth, steps

    def _evolve(self, slots: Slots) -> np.ndarray:
        """(B, 2N): the best chromosome of every slot."""
        rows, size, width = len(slots), self.population, 2 * slots.request.shape[1]
        sources = [slot_generator(slots, row, self.seed) for row in range(rows)]
        stacked = slots.take(np.repeat(np.arange(rows), size))
        people = _draw(sources, (size, width))
        people[:, 0] = encode(slots, *_equal(slots))
        costs = _costs(stacked, people)
        for _ in range(self.generations):
            children = self._children(people, costs, sources)
            both = np.concatenate([people, children], axis=1)
            both_costs = np.concatenate([costs, _costs(stacked, children)], axis=1)
            best = np.argsort(both_costs, axis=1, kind="stable")[:, :size]
            people = np.take_along_axis(both, best[..., None], axis=1)
            costs = np.take_along_axis(both_costs, best, axis=1)
        best = np.argsort(costs, axis=1, kind="stable")[:, :1]
        answer: np.ndarray = np.take_along_axis(people, best[..., None], axis=1)[:, 0]
        return answer

    def _children(self, people: np.ndarray, costs: np.ndarray, sources: list[np.random.Generator]) -> np.ndarray:
        """(B, P, 2N): as many children as parents."""
        _, size, width = people.shape
        half = size // 2
        parents = _tournament(people, costs, _draw(sources, (size, 2)))
        crossed = _draw(sources, (half, 1)) < self.crossover
        spread = np.where(crossed, _spread(_draw(sources, (half, width)), self.crossover_index), 1.0)
        centre, reach = (parents[:, :half] + parents[:, half:]) / 2, (parents[:, :half] - parents[:, half:]) / 2
        children = np.concatenate([centre + spread * reach, centre - spread * reach], axis=1)
        mutated = _draw(sources, (size, width)) * width < self.mutations
        shift = _shift(_draw(sources, (size, width)), self.mutation_index)
        return np.clip(children + np.where(mutated, shift, 0.0), 0.0, 1.0)


def decode(slots: Slots, genes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Feasible bandwidth (B, N) and steps (B, N) of chromosomes (B, 2N) in [0, 1]: the repair.

    Weights are scaled to a sum of 1. Where the steps asked for exceed the budget, what everybody
    has beyond the fewest allowed is scaled down and rounded down, and the remainder goes, a step each,
    to the first in line of those cut.
    """
    weight_genes, step_genes = np.split(genes, 2, axis=1)
    weight = np.where(slots.active, LEAST_WEIGHT ** (1.0 - weight_genes), 0.0)
    bandwidth = weight / np.where(slots.active.any(axis=1), weight.sum(axis=1), 1.0)[:, None]
    fewest, most = step_range(slots)
    asked = np.rint(np.clip((step_genes - CLOUD) / (1.0 - CLOUD), 0.0, 1.0) * (most - fewest)).astype(np.int64)
    spare = slots.system.step_budget - fewest.sum(axis=1, keepdims=True)
    total = asked.sum(axis=1, keepdims=True)
    given = np.where(total > spare, np.floor(asked * (spare / np.maximum(total, 1))).astype(np.int64), asked)
    cut = given < asked
    left = np.where(total > spare, spare - given.sum(axis=1, keepdims=True), 0)
    given += cut & (np.cumsum(cut, axis=1) <= left)
    return bandwidth, fewest + given


def encode(slots: Slots, bandwidth: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """(B, 2N): chromosomes of an allocation with shares in proportions up to 1000."""
    top = np.maximum(bandwidth.max(axis=1, keepdims=True, initial=0.0), LEAST_WEIGHT)
    weight = np.where(slots.active, bandwidth / top, 1.0)
    fewest, most = step_range(slots)
    share = (steps - fewest) / np.maximum(most - fewest, 1)
    weight_genes = 1.0 - np.log(np.maximum(weight, LEAST_WEIGHT)) / np.log(LEAST_WEIGHT)
    return np.concatenate([weight_genes, CLOUD + (1.0 - CLOUD) * share], axis=1)


def slot_generator(slots: Slots, row: int, seed: int) -> np.random.Generator:
    """Random numbers that depend on the seed and on the content of one slot."""
    digest = sha256()
    for array in (slots.request, slots.cached):
        digest.update(array[row].astype("<i8").tobytes())
    for array in (slots.gain, slots.input_mb, slots.output_mb):
        digest.update(array[row].astype("<f8").tobytes())
    return np.random.default_rng([seed, int.from_bytes(digest.digest()[:16], "little")])


def _equal(slots: Slots) -> tuple[np.ndarray, np.ndarray]:
    return equal_split(slots.request, slots.cached, slots.catalogue, slots.system.step_budget)


def _draw(sources: list[np.random.Generator], shape: tuple[int, int]) -> np.ndarray:
    """(B, *shape) uniform in [0, 1), every slot's from its own generator."""
    return np.stack([source.random(shape) for source in sources])


def _costs(stacked: Slots, people: np.ndarray) -> np.ndarray:
    """(B, P) costs of chromosomes (B, P, 2N); ``stacked`` repeats every slot P times."""
    rows, size, width = people.shape
    return slot_costs(stacked, *decode(stacked, people.reshape(rows * size, width))).reshape(rows, size)


def _tournament(people: np.ndarray, costs: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """(B, P, 2N): the cheaper of two chromosomes at random, for every one of ``draws`` (B, P, 2)."""
    rivals = (draws * people.shape[1]).astype(np.int64)
    first, second = rivals[..., 0], rivals[..., 1]
    first_cost, second_cost = (np.take_along_axis(costs, rival, axis=1) for rival in (first, second))
    winner: np.ndarray = np.where(second_cost < first_cost, second, first)
    return np.take_along_axis(people, winner[..., None], axis=1)


def _spread(draws: np.ndarray, index: float) -> np.ndarray:
    """The spread factor of simulated binary crossover: how far apart children are, in distances of their parents."""
    base = np.where(draws <= 0.5, 2.0 * draws, 1.0 / (2.0 * (1.0 - draws)))
    spread: np.ndarray = base ** (1.0 / (index + 1.0))
    return spread


def _shift(draws: np.ndarray, index: float) -> np.ndarray:
    """Polynomial mutation: a shift in (-1, 1), mostly small."""
    size = 1.0 - np.minimum(2.0 * draws, 2.0 * (1.0 - draws)) ** (1.0 / (index + 1.0))
    return np.where(draws < 0.5, -size, size)
