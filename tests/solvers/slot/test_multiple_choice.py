"""The multiple-choice knapsack against dynamic programming in plain Python."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from solvers.slot.multiple_choice import choose_options, envelope_price
from tests.solvers.slot.knapsack import Table, cheapest


def solved(table: Table, budget: int) -> tuple[list[tuple[int, float]], float, float]:
    """The options that the product chooses, their cost and the bound."""
    most = max(map(len, table))
    padded = [options + [(0, -math.inf)] * (most - len(options)) for options in table]
    steps = np.array([[s for s, _ in options] for options in padded], dtype=np.int64)
    cost = np.array([[c for _, c in options] for options in padded])
    size = np.array([len(options) for options in table], dtype=np.int64)
    picked, value, bound = choose_options(steps, cost, size, budget)
    return [options[j] for options, j in zip(table, picked, strict=True)], value, bound


def s_curve(rng: random.Random) -> list[tuple[int, float]]:
    """The cloud, then worst quality, a ramp and best quality that get slower with every step."""
    low, high = rng.randint(0, 8), rng.randint(9, 25)
    second, worst, best = rng.choice([0.0, 0.05, 0.3]), rng.uniform(6, 10), rng.uniform(1, 5)
    ramp = [
        (s, second * s + worst - (worst - best) * min(1, max(0, (s - low) / (high - low)))) for s in range(1, high + 1)
    ]
    return [(0, rng.uniform(3, 12)), *ramp]


def any_curve(rng: random.Random) -> list[tuple[int, float]]:
    return [(s, rng.uniform(0, 10)) for s in sorted(rng.sample(range(26), rng.randint(1, 8)))]


def with_ties(rng: random.Random) -> list[tuple[int, float]]:
    return [(s, float(rng.randint(0, 3))) for s in sorted(rng.sample(range(7), rng.randint(1, 5)))]


def straight(rng: random.Random) -> list[tuple[int, float]]:
    """All options on one line, up to the last bits: the envelope has nothing to choose by."""
    return [(s, 10 - 0.3 * s + rng.choice([0, 1e-15, -1e-15])) for s in range(rng.randint(1, 12))]


def of_unlike_size(rng: random.Random) -> list[tuple[int, float]]:
    unit = 10.0 ** rng.randint(-9, 6)
    return [(s, unit * rng.random()) for s in sorted(rng.sample(range(15), rng.randint(1, 6)))]


@pytest.mark.parametrize("curve", [s_curve, any_curve, with_ties, straight, of_unlike_size])
def test_the_choice_is_that_of_dynamic_programming(curve: Any) -> None:
    rng = random.Random(curve.__name__)
    for _ in range(150):
        table = [curve(rng) for _ in range(rng.randint(1, 6))]
        least = sum(options[0][0] for options in table)
        most = sum(options[-1][0] for options in table)
        budget = rng.choice([least, least + 1, rng.randint(least, most), most, most + 10])
        chosen, value, bound = solved(table, budget)
        best = cheapest(table, budget)
        scale = max(abs(cost) for _, cost in chosen)
        assert sum(steps for steps, _ in chosen) <= budget
        assert value == pytest.approx(sum(cost for _, cost in chosen), rel=1e-14)
        assert value == pytest.approx(best, rel=1e-12, abs=1e-12 * scale)
        assert bound <= best + 1e-13 * scale


def test_without_any_budget_everybody_takes_the_first_option() -> None:
    chosen, value, bound = solved([[(0, 5.0), (1, 1.0)], [(0, 7.0), (3, 0.0)]], 0)
    assert [steps for steps, _ in chosen] == [0, 0]
    assert value == bound == 12.0


def test_a_gap_between_envelope_and_optimum_is_closed() -> None:
    """Two items that fill the budget beat the steepest one, which greedy choice takes; the bound is below both."""
    table = [[(0, 10.0), (6, -1.0)], [(0, 10.0), (5, 1.0)], [(0, 10.0), (5, 1.0)]]
    chosen, value, bound = solved(table, 10)
    assert [steps for steps, _ in chosen] == [0, 5, 5]
    assert value == 12.0
    assert bound == pytest.approx(11.8)


def tables(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Steps (N, O), costs (N, O) and sizes (N,) of random options, and a budget between the least and the most."""
    rng = np.random.default_rng(seed)
    users, most = int(rng.integers(1, 6)), int(rng.integers(2, 7))
    steps = np.sort(np.array([rng.choice(30, most, replace=False) for _ in range(users)]), axis=1)
    cost, size = rng.uniform(0, 10, (users, most)), rng.integers(1, most + 1, users)
    used = [row[:count] for row, count in zip(steps, size, strict=True)]
    least, greatest = sum(row[0] for row in used), sum(row[-1] for row in used)
    return steps, cost, size, int(rng.integers(least, greatest + 2))


@pytest.mark.parametrize("seed", range(20))
def test_no_price_gives_a_higher_bound_than_that_of_the_envelopes(seed: int) -> None:
    """The Lagrangian bound of a price: each user alone at least cost, the budget sold at that price."""
    steps, cost, size, budget = tables(seed)
    price, picked = envelope_price(steps, cost, size, budget)

    def bound(price: float) -> float:
        rows = zip(steps, cost, size, strict=True)
        return sum(float((c[:count] + price * s[:count]).min()) for s, c, count in rows) - price * budget

    assert price >= 0
    assert sum(int(row[j]) for row, j in zip(steps, picked, strict=True)) <= budget
    assert all(j < count for j, count in zip(picked, size, strict=True))
    highest = max(bound(float(other)) for other in np.linspace(0, 12, 2001))
    assert bound(price) >= highest - 1e-12 * abs(highest)
