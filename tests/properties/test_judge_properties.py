"""What must hold of the judged cost of any decisions on any instance."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.judge import Verdict, judge
from problems.solution import Solution
from tests import independent
from tests.cases import TRACE, as_instance
from tests.properties.strategies import Case, cases
from tests.properties.units import UNITS, scaled

METRICS = (
    *("cost", "latency_cost", "quality_cost", "late_cost", "loading_cost", "mean_latency_s", "mean_tv"),
    *("hit_ratio", "edge_served_ratio", "late_ratio", "loaded_gb", "active_requests"),
)


def verdict_of(case: Case) -> Verdict:
    document, solution = case
    return judge(as_instance(document), solution)


def metrics(verdict: Verdict) -> dict[str, float]:
    return {name: getattr(verdict, name) for name in METRICS}


def same(first: Verdict, second: Verdict) -> bool:
    """Equal metrics, and equally many breaches of each rule."""
    rules = [Counter(violation.rule for violation in verdict.violations) for verdict in (first, second)]
    return metrics(first) == pytest.approx(metrics(second), rel=1e-11) and rules[0] == rules[1]


@given(cases(), st.randoms())
def test_the_order_of_users_does_not_matter(case: Case, random: Any) -> None:
    document, solution = case
    order = list(range(len(document["trace"]["request"][0][0])))
    random.shuffle(order)
    permuted = copy.deepcopy(document)
    for name in TRACE:
        permuted["trace"][name] = [[[slot[n] for n in order] for slot in frame] for frame in document["trace"][name]]
    moved = replace(solution, bandwidth=solution.bandwidth[..., order], steps=solution.steps[..., order])
    assert same(verdict_of((permuted, moved)), verdict_of(case))


@given(cases(), st.randoms())
def test_the_order_of_models_does_not_matter(case: Case, random: Any) -> None:
    document, solution = case
    order = list(range(len(document["models"])))
    random.shuffle(order)
    place = {m: i for i, m in enumerate(order)} | {-1: -1}
    permuted = copy.deepcopy(document)
    permuted["models"] = [document["models"][m] for m in order]
    permuted["demand"]["ranking"] = [[place[m] for m in ranks] for ranks in document["demand"]["ranking"]]
    permuted["trace"]["request"] = [
        [[place[m] for m in slot] for slot in frame] for frame in document["trace"]["request"]
    ]
    moved = replace(solution, cache=solution.cache[:, order])
    assert same(verdict_of((permuted, moved)), verdict_of(case))
    before, after = as_instance(document).demand.popularity, as_instance(permuted).demand.popularity
    assert after == pytest.approx(before[:, order], rel=1e-12)


@pytest.mark.parametrize("name", UNITS)
@given(cases())
def test_units_do_not_matter(name: str, case: Case) -> None:
    """Other units for the same quantities give the same cost, or the same in the other unit of cost."""
    document, solution = case
    factors, unit = UNITS[name]
    first, second = verdict_of(case), verdict_of((scaled(document, factors), solution))
    assert second.cost == pytest.approx(unit * first.cost, rel=1e-11)
    assert second.late_ratio == first.late_ratio
    assert [v.place for v in second.violations] == [v.place for v in first.violations]


@given(cases(loading=False))
def test_frames_add_up_where_nothing_is_paid_for_loading(case: Case) -> None:
    document, solution = case
    whole = verdict_of(case)
    parts = []
    for t in range(len(solution.cache)):
        frame = copy.deepcopy(document)
        frame["trace"] = {key: value[t : t + 1] for key, value in document["trace"].items()}
        rows = slice(t, t + 1)
        part = Solution(solution.cache[rows], solution.bandwidth[rows], solution.steps[rows])
        parts.append(judge(as_instance(frame), part))
    assert sum(part.active_requests for part in parts) == whole.active_requests
    for name in METRICS:
        if name not in ("loaded_gb", "active_requests"):
            total = sum(getattr(part, name) * part.active_requests for part in parts)
            assert getattr(whole, name) == pytest.approx(total / whole.active_requests, rel=1e-11)
    assert len(whole.violations) == sum(len(part.violations) for part in parts)


@given(cases())
def test_the_parts_of_the_cost_add_up(case: Case) -> None:
    document, _ = case
    verdict, system = verdict_of(case), document["system"]
    parts = (verdict.latency_cost, verdict.quality_cost, verdict.late_cost, verdict.loading_cost)
    assert min(parts) >= 0
    assert verdict.cost == pytest.approx(sum(parts), rel=1e-14)
    assert verdict.utility == -verdict.cost
    alpha = system["latency_weight"]
    assert verdict.latency_cost == pytest.approx(alpha * verdict.mean_latency_s, rel=1e-13)
    assert verdict.quality_cost == pytest.approx((1 - alpha) * system["tv_to_s"] * verdict.mean_tv, rel=1e-13)


@given(cases(), st.floats(0.1, 0.99), st.data())
def test_less_bandwidth_costs_more(case: Case, factor: float, data: Any) -> None:
    """Strictly more in time, and never less in cost."""
    document, solution = case
    t, k, n, request = data.draw(st.sampled_from(list(independent.active_requests(document))))
    narrow = solution.bandwidth.copy()
    narrow[t, k, n] *= factor
    before, after = verdict_of(case), verdict_of((document, replace(solution, bandwidth=narrow)))
    if request.output_mb > 0:
        assert after.mean_latency_s > before.mean_latency_s
    assert after.cost >= before.cost
    assert after.late_ratio >= before.late_ratio


@given(cases(), st.floats(1.01, 100), st.sampled_from(["gain", "input_mb", "output_mb"]))
def test_better_channels_and_smaller_data_never_cost_more(case: Case, factor: float, name: str) -> None:
    document, solution = case
    easier = scaled(document, {name: factor if name == "gain" else 1 / factor})
    assert verdict_of((easier, solution)).cost <= verdict_of(case).cost * (1 + 1e-14)


@given(cases(deadline=True), st.floats(0, 5))
def test_a_later_deadline_never_costs_more(case: Case, more: float) -> None:
    document, solution = case
    later = copy.deepcopy(document)
    later["system"]["deadline_s"] += more
    before, after = verdict_of(case), verdict_of((later, solution))
    assert after.late_cost <= before.late_cost
    assert after.late_ratio <= before.late_ratio
    assert (after.latency_cost, after.quality_cost) == (before.latency_cost, before.quality_cost)


@given(cases(feasible=True))
def test_an_idle_user_changes_nothing(case: Case) -> None:
    document, solution = case
    crowd = copy.deepcopy(document)
    for name, value in zip(TRACE, (-1, 1.0, 1.0, 1.0), strict=True):
        for frame in crowd["trace"][name]:
            for slot in frame:
                slot.append(value)
    crowd["system"]["step_budget"] += 1
    shape = (*solution.bandwidth.shape[:2], 1)
    joined = replace(
        solution,
        bandwidth=np.concatenate([solution.bandwidth, np.zeros(shape)], axis=2),
        steps=np.concatenate([solution.steps, np.zeros(shape)], axis=2),
    )
    assert same(verdict_of((crowd, joined)), verdict_of(case))
