"""The parts of a request's steps add up to what steps cost by the plain formulas."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.programme.step_curves import StepCurves
from tests import independent
from tests.cases import Document, random_document
from tests.solvers.support import all_slots

Parts = tuple[float, float, float, float]


def odd_document(seed: int) -> Document:
    """Ramps of no, one and many steps, that begin and end on whole numbers and between them."""
    document = random_document(seed, shape=(1, 2, 4), models=6, deadline=True, idle=0.0)
    ramps = [(0, 0.5), (0.2, 0.9), (2, 3), (2.5, 2.75), (0, 12), (7, 11.5)]
    for model, (low, high) in zip(document["models"], ramps, strict=True):
        model |= {"steps_low": low, "steps_high": high}
    return document


def parts_of(curves: StepCurves, r: int, s: int) -> Parts:
    """Edge, ramp, more and top of a number of steps that the programme can state."""
    ramp = float(s >= curves.first[r] and curves.has_ramp[r])
    top = ramp * curves.has_top[r] * float(s >= curves.last[r])
    return float(s >= 1), ramp, ramp * min(s - curves.first[r], curves.length[r]), top


def stated(curves: StepCurves, r: int) -> list[int]:
    """The cloud, one step, and the ramp."""
    return [0, 1, *(range(int(curves.first[r]), int(curves.last[r]) + 1) if curves.has_ramp[r] else ())]


@pytest.mark.parametrize("seed", range(4))
def test_cost_and_seconds_of_all_numbers_of_steps(seed: int) -> None:
    document = odd_document(seed)
    system, curves = document["system"], StepCurves.of(all_slots(document))
    alpha, beta = system["latency_weight"], system["tv_to_s"]
    asked = [request for *_, request in independent.active_requests(document)]
    for r, request in enumerate(asked):
        for s in stated(curves, r):
            edge, ramp, more, top = parts_of(curves, r, s)
            assert edge + (curves.first[r] - 1) * ramp + more + top == s
            seconds, tv = independent.generation(system, request, s)
            found_s = curves.cloud_s[r] + curves.edge_s[r] * edge + curves.ramp_s[r] * ramp
            found = curves.cloud_cost[r] + curves.edge_cost[r] * edge + curves.ramp_cost[r] * ramp
            assert found_s + curves.more_s[r] * more + curves.top_s[r] * top == pytest.approx(seconds, rel=1e-12)
            total = found + curves.more_cost[r] * more + curves.top_cost[r] * top
            assert total == pytest.approx(alpha * seconds + (1 - alpha) * beta * tv, rel=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_no_other_number_of_steps_is_cheaper_than_the_best_with_as_few(seed: int) -> None:
    """So that the programme may leave them out."""
    document = odd_document(seed)
    system, curves = document["system"], StepCurves.of(all_slots(document))
    alpha, beta = system["latency_weight"], system["tv_to_s"]
    for r, (*_, request) in enumerate(independent.active_requests(document)):

        def cost(s: int, request: independent.Request = request) -> float:
            seconds, tv = independent.generation(system, request, s)
            return float(alpha * seconds + (1 - alpha) * beta * tv)

        for s in range(1, 20):
            kept = [cost(other) for other in stated(curves, r) if 1 <= other <= s]
            assert min(kept) <= cost(s) * (1 + 1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_least_lateness_lies_below_lateness_and_meets_it_at_the_cloud_and_one_step(seed: int) -> None:
    document = odd_document(seed)
    system, curves = document["system"], StepCurves.of(all_slots(document))
    air = np.random.default_rng(seed).uniform(0.0, 3.0, len(curves.first))
    planes = list(curves.least_lateness(air, system["deadline_s"]))
    for r, (*_, request) in enumerate(independent.active_requests(document)):
        for s in stated(curves, r):
            late = max(0.0, air[r] + independent.generation(system, request, s)[0] - system["deadline_s"])
            values = [
                base[r] + sum(slope[r] * part for slope, part in zip(slopes, parts_of(curves, r, s), strict=True))
                for base, slopes in planes
            ]
            assert max(values) <= late + 1e-9 * (1 + late)
            if s <= 1:
                assert values == pytest.approx([late, late], rel=1e-12, abs=1e-12)
