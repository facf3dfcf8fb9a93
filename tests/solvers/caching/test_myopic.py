"""``myopic`` against the least entry of a table."""

from __future__ import annotations

import numpy as np
import pytest

from problems.episode import frame_views
from problems.instance import Instance
from problems.judge import judge
from solvers.base import Budget, Silent, Unsuitable
from solvers.caching.myopic import Myopic
from solvers.frame.belief import state_belief
from solvers.frame.expected_costs import expected_costs
from solvers.frame.sampled_frames import known_scenario
from tests.cases import sampled
from tests.solvers.support import cost_of, solve, with_demand, with_system

SAMPLES = 20


def caches(instance: Instance, seed: int = 0) -> np.ndarray:
    return Myopic(samples=SAMPLES).plan(instance, Budget(seed=seed), Silent()).cache


@pytest.mark.parametrize("observed", [True, False])
def test_takes_the_least_expected_cost_under_the_belief(observed: bool) -> None:
    instance = with_demand(sampled("drift", 1, 0), state_observed=observed)
    cache = caches(instance, seed=2)
    for t, view in enumerate(frame_views(instance, cache)):
        costs = expected_costs(known_scenario(view), SAMPLES, 2)
        belief = state_belief(view)
        value = {int(mask): sum(belief[j] * costs.cost[j, f] for j in range(3)) for f, mask in enumerate(costs.masks)}
        held = int(cache[t] @ (1 << np.arange(10)))
        assert value[held] == pytest.approx(min(value.values()), rel=1e-12)


def test_in_a_state_it_always_holds_the_same_and_loading_does_not_matter() -> None:
    instance = sampled("drift", 0, 3)
    cache = caches(instance)
    for state in range(3):
        assert len({held.tobytes() for held in cache[instance.trace.state == state]}) == 1
    assert len({held.tobytes() for held in cache}) > 1
    assert (caches(with_system(instance, load_cost_per_gb=1e6)) == cache).all()


def test_is_not_better_than_hindsight_and_far_better_than_chance() -> None:
    instance = sampled("drift", 2, 0)
    best, random = cost_of("exhaustive", instance), cost_of("random", instance)
    found = judge(instance, solve("myopic", instance, samples=SAMPLES)).cost
    assert best <= found * (1 + 1e-9)
    assert found - best < 0.2 * (random - best)


def test_refuses_catalogues_too_large_to_enumerate() -> None:
    with pytest.raises(Unsuitable, match="at most 20 models; the catalogue has 40"):
        caches(sampled("metro"))


@pytest.mark.parametrize(("field", "value"), [("samples", 0), ("seed", -1)])
def test_refuses_settings_out_of_range(field: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{field}: {value}; must be >= "):
        Myopic(**{field: value})
