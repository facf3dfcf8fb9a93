"""``online-optimal`` against the myopic policy, hindsight, its own estimate and many traces."""

from __future__ import annotations

import numpy as np
import pytest

from problems.episode import frame_views
from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.judge import judge
from problems.scenario import Scenario
from solvers.base import Budget, Silent, Unsuitable
from solvers.caching.myopic import Myopic
from solvers.caching.online_optimal import OnlineOptimal, frame_programme
from solvers.frame.belief import state_belief
from tests.cases import sampled
from tests.slow import few
from tests.solvers.support import cost_of, solve, with_demand, with_system

SAMPLES = 20


def caches(instance: Instance, seed: int = 0) -> np.ndarray:
    return OnlineOptimal(samples=SAMPLES).plan(instance, Budget(seed=seed), Silent()).cache


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
    instance = with_demand(sampled("drift", 1, 0), state_observed=observed)
    verdict = judge(instance, solve("online-optimal", instance, samples=SAMPLES))
    assert verdict.feasible
    assert cost_of("exhaustive", instance) <= verdict.cost * (1 + 1e-9) < cost_of("random", instance)


def test_a_hidden_state_is_weighted_by_the_belief() -> None:
    instance = with_demand(sampled("drift", 1, 0), state_observed=False)
    cache = caches(instance, 1)
    scenario = family_scenario("drift", 1).model_copy(update={"family": "known", "demand": instance.demand})
    programme = frame_programme(scenario, SAMPLES, 1)
    for t, view in enumerate(frame_views(instance, cache)):
        belief = state_belief(view)
        totals = sum(belief[j] * programme.value[t, j] for j in range(3)) + programme.loading(view.previous_cache)
        chosen = int(np.flatnonzero((programme.held == cache[t]).all(axis=1))[0])
        assert totals[chosen] == pytest.approx(totals.min(), rel=1e-12)


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


@pytest.mark.parametrize(
    ("family", "price", "traces"), few(1, [("small", 0.3, 60), ("small", 0.0, 60), ("drift", 0.6, 30)])
)
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
