"""What ships is what the GenTD26 log says; skipped where the log is absent."""

from __future__ import annotations

import time

import pytest

from problems.families.drawn import family_scenario
from problems.instance import IDLE
from problems.production.extent import Extent
from problems.production.fit import fit_scenario
from problems.production.gentd26 import ServedRequests, read_gentd26
from problems.production.hours import first_two_weeks, last_week
from problems.production.loading import mean_loading_s
from problems.production.replay import replay
from tests.problems.production.logs import real_log


@pytest.fixture(scope="module")
def requests() -> ServedRequests:
    return read_gentd26(real_log("lora_request_trace.csv"))


def test_the_log_is_read_in_two_seconds_and_every_row_is_counted() -> None:
    path = real_log("lora_request_trace.csv")
    start = time.process_time()
    requests = read_gentd26(path)
    assert time.process_time() - start < 2
    assert (requests.rows, requests.failed, requests.without_model) == (26823, 431, 0)
    assert len(requests.second) == 26392


@pytest.mark.parametrize("models", [10, 20, 40])
def test_the_shipped_scenarios_are_fitted_to_the_first_two_weeks(requests: ServedRequests, models: int) -> None:
    loading_s = mean_loading_s(real_log("basemodel_update_latency_anon.csv"))
    name = "production" if models == 10 else f"production-m{models}-n30-k12-t168"
    fitted = fit_scenario(requests, first_two_weeks(requests), loading_s, name, Extent(models=models))
    assert fitted.scenario == family_scenario(name, 0)
    assert fitted.seats.left_over == 0


def test_the_last_week_is_replayed_whole(requests: ServedRequests) -> None:
    hours = last_week(requests)
    instance, seats = replay(family_scenario("production", 0), requests, hours, real_log("lora_request_trace.csv"))
    assert instance.active_requests == int(hours.of(requests).sum()) == 12041
    assert seats.left_over == 0
    assert (seats.entry[~(seats.entry != IDLE).any(axis=(1, 2))] == IDLE).all()
