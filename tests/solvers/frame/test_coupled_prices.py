"""Prices of both budgets: a bound at any of them, concave in them, and better ones found."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.frame.bounds import holding_of
from solvers.frame.coupled_prices import Answers, answers_for, priced, raise_prices
from solvers.frame.coupled_service import Demands, demands_of
from solvers.frame.step_prices import Holding
from tests.solvers.frame.frames import charged_costs, one_frame, slots_under

MODELS, SLOTS = 5, 3


def frame(seed: int) -> tuple[Demands, Holding, Answers, float]:
    """A frame whose models are charged for, and the cost of its cheapest cache."""
    instance = one_frame(seed, deadline=True, models=MODELS, slots=SLOTS)
    charge = np.random.default_rng(seed).normal(0, 1, MODELS)
    demands = demands_of(slots_under(instance, (1 << MODELS) - 1))
    cheapest = float(charged_costs(instance, charge)[1].min())
    return demands, holding_of(instance, charge), answers_for(demands, SLOTS, MODELS), cheapest


def some_prices(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    return rng.choice([0.0, 0.1, 0.3]) * rng.random(SLOTS), 10.0 ** rng.uniform(-1, 1, SLOTS)


@pytest.mark.parametrize("seed", range(8))
def test_no_prices_bound_more_than_the_cheapest_cache_costs(seed: int) -> None:
    demands, holding, answers, cheapest = frame(seed)
    rng = np.random.default_rng(seed)
    for _ in range(10):
        assert priced(demands, holding, *some_prices(rng), answers) <= cheapest + 1e-9 * abs(cheapest)
        assert answers.share @ holding.size <= holding.room * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_what_the_answers_use_beyond_the_budgets_is_a_supergradient(seed: int) -> None:
    """The bound at other prices is at most the bound at these and the excess times the difference."""
    demands, holding, answers, _ = frame(seed)
    rng = np.random.default_rng(seed)
    steps, band = some_prices(rng)
    value = priced(demands, holding, steps, band, answers)
    more_steps = answers.steps @ answers.share - demands.budget
    more_band = answers.band @ answers.share + answers.cloud_band - 1.0
    for _ in range(10):
        other_steps, other_band = some_prices(rng)
        line = value + more_steps @ (other_steps - steps) + more_band @ (other_band - band)
        assert priced(demands, holding, other_steps, other_band, answers) <= line + 1e-5 * abs(line)


@pytest.mark.parametrize("seed", range(8))
def test_raised_prices_bound_better_and_the_bound_is_theirs(seed: int) -> None:
    demands, holding, answers, cheapest = frame(seed)
    steps, band = some_prices(np.random.default_rng(seed))
    before = priced(demands, holding, steps, band, answers)
    raised = raise_prices(demands, holding, steps, band, cheapest, 60, answers)
    assert before * (1 - 1e-9) <= raised <= cheapest + 1e-9 * abs(cheapest)
    assert (steps >= 0).all()
    assert (band > 0).all()
    assert priced(demands, holding, steps, band, answers) == pytest.approx(raised, rel=1e-9)
