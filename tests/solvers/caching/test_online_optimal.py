"""``online-optimal`` against plain recursion, enumeration of policies, and play."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from problems.episode import frame_views
from problems.families.drawn import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.judge import judge
from problems.scenario import Demand, Scenario
from solvers.base import Budget, Silent, Unsuitable
from solvers.caching.myopic import Myopic
from solvers.caching.online_optimal import OnlineOptimal, frame_programme
from solvers.frame.belief import state_belief
from solvers.frame.dynamic_programme import FrameProgramme, cheapest_next
from solvers.frame.expected_costs import ExpectedCosts
from tests.cases import sampled
from tests.solvers.support import cost_of, solve, with_system
from tests.solvers.test_caching import other_future

SAMPLES = 20


def caches(instance: Instance, seed: int = 0) -> np.ndarray:
    return OnlineOptimal(samples=SAMPLES).plan(instance, Budget(seed=seed), Silent()).cache


def demand_of(transition: Sequence[Sequence[float]], models: int, observed: bool = True) -> Demand:
    return Demand(
        transition=tuple(map(tuple, transition)),
        skew=tuple(0.5 + j for j in range(len(transition))),
        ranking=(tuple(range(models)),) * len(transition),
        activity=1.0,
        state_observed=observed,
    )


class Drawn:
    """A small programme by chance, and what it costs in plain Python."""

    def __init__(self, seed: int, models: int = 3, states: int = 2, frames: int = 3, caches: int = 4) -> None:
        rng = np.random.default_rng(seed)
        self.frames = frames
        self.masks = np.union1d([0], rng.choice(np.arange(1, 1 << models), caches - 1, replace=False))
        self.cost = rng.uniform(0, 10, (states, len(self.masks)))
        self.price = np.zeros(models) if seed % 4 == 0 else rng.choice([0.0, 0.3, 2.0, 20.0], models)
        self.demand = demand_of(rng.dirichlet(np.ones(states), states).tolist(), models)
        costs = ExpectedCosts(self.masks, self.cost)
        self.programme = FrameProgramme.solved(costs, self.demand, self.price, frames)

    def loading(self, before: int, after: int) -> float:
        new = int(self.masks[after] & ~self.masks[before])
        return float(sum(price for m, price in enumerate(self.price) if new >> m & 1))

    def from_then_on(self, t: int, j: int, f: int) -> float:
        """Least expected cost from frame t on with cache number f held in it, loading it aside."""
        if t == self.frames:
            return 0.0
        after = 0.0
        if t + 1 < self.frames:
            for k, chance in enumerate(self.demand.transition[j]):
                ahead = [self.loading(f, g) + self.from_then_on(t + 1, k, g) for g in range(len(self.masks))]
                after += chance * min(ahead)
        return float(self.cost[j, f]) + after


@pytest.mark.parametrize("seed", range(12))
def test_the_values_are_those_of_plain_recursion(seed: int) -> None:
    drawn = Drawn(seed)
    for t, j, f in np.ndindex(drawn.programme.value.shape):
        assert drawn.programme.value[t, j, f] == pytest.approx(drawn.from_then_on(t, j, f), rel=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_the_best_cache_is_the_cheapest_with_its_loading(seed: int) -> None:
    drawn = Drawn(seed, models=4, states=3)
    held = drawn.programme.held
    for t, j, before in itertools.product(range(3), range(3), range(len(held))):
        totals = [drawn.loading(before, f) + drawn.programme.value[t, j, f] for f in range(len(held))]
        chosen = drawn.programme.best(t, np.eye(3)[j], held[before])
        assert totals[chosen] == pytest.approx(min(totals), rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_no_deterministic_policy_is_better(seed: int) -> None:
    """Every map from first states to caches, and from second states and first caches to caches."""
    drawn = Drawn(seed, frames=2, caches=3)
    count, start = len(drawn.masks), drawn.demand.stationary
    best = np.inf
    for first in itertools.product(range(count), repeat=2):
        for second in itertools.product(range(count), repeat=2 * count):
            total = 0.0
            for j, k in itertools.product(range(2), repeat=2):
                f = first[j]
                g = second[k * count + f]
                cost = drawn.cost[j, f] + drawn.cost[k, g] + drawn.loading(0, f) + drawn.loading(f, g)
                total += start[j] * drawn.demand.transition[j][k] * cost
            best = min(best, total)
    visits, loading = drawn.programme.occupancy(drawn.demand)
    assert visits.sum() == pytest.approx(2)
    assert (visits * drawn.cost).sum() + loading == pytest.approx(best, rel=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_the_cheapest_next_cache_is_that_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    masks = np.union1d([0], rng.choice(32, 9, replace=False))
    value, price = rng.uniform(0, 5, (2, len(masks))), rng.choice([0.0, 0.5, 3.0], 5)
    new = (masks[None] & ~masks[:, None])[..., None] >> np.arange(5) & 1
    expected = (value[:, None, :] + new @ price).min(axis=2)
    assert cheapest_next(value, masks, price) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_myopic_policy_is_no_better_in_expectation(seed: int) -> None:
    drawn = Drawn(seed)
    start, transition = drawn.demand.stationary, np.array(drawn.demand.transition)
    choice = drawn.cost.argmin(axis=1)
    myopic = sum(start[j] * (drawn.cost[j, choice[j]] + drawn.loading(0, choice[j])) for j in range(2))
    now = start
    for _ in range(drawn.frames - 1):
        for j, k in itertools.product(range(2), repeat=2):
            step = drawn.loading(choice[j], choice[k]) + drawn.cost[k, choice[k]]
            myopic += now[j] * transition[j, k] * step
        now = now @ transition
    visits, loading = drawn.programme.occupancy(drawn.demand)
    assert (visits * drawn.cost).sum() + loading <= myopic * (1 + 1e-12)


def test_a_higher_price_of_loading_never_lowers_the_value() -> None:
    drawn = Drawn(1)
    costs = ExpectedCosts(drawn.masks, drawn.cost)
    dearer = FrameProgramme.solved(costs, drawn.demand, drawn.price + 0.1, drawn.frames)
    assert (dearer.value >= drawn.programme.value - 1e-12).all()


@cache
def changed(family: str, **demand: object) -> Instance:
    instance = sampled(family, 1, 0)
    return dataclasses.replace(instance, demand=instance.demand.model_copy(update=demand))


def test_with_free_loading_it_is_myopic() -> None:
    instance = with_system(sampled("drift", 1, 0), load_cost_per_gb=0.0)
    assert (caches(instance, 3) == Myopic(samples=SAMPLES).plan(instance, Budget(seed=3), Silent()).cache).all()


def test_where_loading_is_dear_nothing_is_loaded_and_what_is_held_may_stay() -> None:
    instance = with_system(sampled("drift", 1, 0), load_cost_per_gb=1e6)
    assert not caches(instance).any()
    held = np.zeros((instance.frames, 10), dtype=bool)
    held[0, :2] = True
    views = frame_views(instance, held)
    next(views)
    kept = OnlineOptimal(samples=SAMPLES).choose(next(views))
    assert set(np.flatnonzero(kept)) <= {0, 1}
    assert kept.any()


def test_loads_less_than_the_myopic_policy_and_costs_less_over_many_traces() -> None:
    scenario = family_scenario("drift", 1)
    loaded, cost = np.zeros(2), np.zeros(2)
    for trace in range(6):
        instance = with_system(sample_instance(scenario, trace), load_cost_per_gb=3.0)
        verdicts = [judge(instance, solve(name, instance, samples=SAMPLES)) for name in ("online-optimal", "myopic")]
        loaded += [verdict.loaded_gb for verdict in verdicts]
        cost += [verdict.cost for verdict in verdicts]
    assert loaded[0] < loaded[1]
    assert cost[0] < cost[1]


@pytest.mark.parametrize("observed", [True, False])
def test_is_feasible_and_not_better_than_hindsight(observed: bool) -> None:
    instance = changed("drift", state_observed=observed)
    verdict = judge(instance, solve("online-optimal", instance, samples=SAMPLES))
    assert verdict.feasible
    assert cost_of("exhaustive", instance) <= verdict.cost * (1 + 1e-9) < cost_of("random", instance)


def test_a_hidden_state_is_weighted_by_the_belief() -> None:
    instance = changed("drift", state_observed=False)
    cache = caches(instance, 1)
    scenario = family_scenario("drift", 1).model_copy(update={"family": "known", "demand": instance.demand})
    programme = frame_programme(scenario, SAMPLES, 1)
    for t, view in enumerate(frame_views(instance, cache)):
        belief = state_belief(view)
        totals = sum(belief[j] * programme.value[t, j] for j in range(3)) + programme.loading(view.previous_cache)
        chosen = int(np.flatnonzero((programme.held == cache[t]).all(axis=1))[0])
        assert totals[chosen] == pytest.approx(totals.min(), rel=1e-12)


@pytest.mark.parametrize("observed", [True, False])
def test_never_depends_on_the_future(observed: bool) -> None:
    instance = changed("drift", state_observed=observed)
    whole = caches(instance)
    for frame in (0, 1, 12, 39):
        assert (caches(other_future(instance, frame, frame))[: frame + 1] == whole[: frame + 1]).all()


def test_a_programme_is_a_function_of_scenario_samples_and_seed() -> None:
    scenario = family_scenario("small", 0)
    first = frame_programme(scenario, 5, 1).value
    frame_programme.cache_clear()
    assert (frame_programme(scenario, 5, 1).value == first).all()
    assert (frame_programme(scenario, 5, 2).value != first).any()
    assert OnlineOptimal(samples=5, seed=1).seeded(2) == OnlineOptimal(samples=5, seed=3)


def judged_costs(scenario: Scenario, traces: int) -> np.ndarray:
    instances = [sample_instance(scenario, trace) for trace in range(1000, 1000 + traces)]
    solutions = [solve("online-optimal", instance, samples=SAMPLES) for instance in instances]
    return np.array([judge(*pair).cost for pair in zip(instances, solutions, strict=True)])


def with_loading(scenario: Scenario, price: float) -> Scenario:
    return scenario.model_copy(
        update={"system": scenario.system.model_copy(update={"load_cost_per_gb": price})},
    )


@pytest.mark.parametrize(("family", "price", "traces"), [("small", 0.0, 120), ("small", 0.3, 120), ("drift", 0.6, 30)])
def test_the_interval_holds_the_mean_cost_of_held_out_traces(family: str, price: float, traces: int) -> None:
    """As far as that mean is itself certain."""
    scenario = with_loading(family_scenario(family, 0), price)
    estimate = OnlineOptimal(samples=SAMPLES).expected_cost(scenario, groups=10)
    costs = judged_costs(scenario, traces)
    low, high = estimate.interval(0.99)
    reach = 2.6 * costs.std(ddof=1) / np.sqrt(traces)
    assert low < estimate.mean < high
    assert low - reach <= costs.mean() <= high + reach
    assert high - low < 0.04 * estimate.mean


def test_the_standard_error_is_the_spread_of_independent_estimates() -> None:
    scenario = family_scenario("tiny", 0)
    estimates = [OnlineOptimal(samples=SAMPLES, seed=seed).expected_cost(scenario, groups=8) for seed in range(12)]
    spread = np.std([estimate.mean for estimate in estimates], ddof=1)
    stated = np.sqrt(np.mean([estimate.standard_error**2 for estimate in estimates]))
    assert 0.5 < spread / stated < 1.7


def test_an_idle_scenario_costs_nothing() -> None:
    scenario = family_scenario("tiny", 0)
    idle = scenario.model_copy(update={"demand": scenario.demand.model_copy(update={"activity": 0.0})})
    estimate = OnlineOptimal(samples=2).expected_cost(idle, groups=2)
    assert estimate.interval() == (0.0, 0.0)


def test_refuses_catalogues_too_large_to_enumerate() -> None:
    with pytest.raises(Unsuitable, match="at most 20 models; the catalogue has 40"):
        caches(sampled("metro"))


@pytest.mark.parametrize(("field", "value"), [("samples", 0), ("seed", -1)])
def test_refuses_settings_out_of_range(field: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{field}: {value}; must be >= "):
        OnlineOptimal(**{field: value})


def test_refuses_an_estimate_without_a_spread() -> None:
    with pytest.raises(ValueError, match="groups: 1; must be >= 2"):
        OnlineOptimal().expected_cost(family_scenario("tiny", 0), groups=1)
