"""Hours of a log as the trace of a scenario."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from problems.families.named import family_scenario
from problems.instance import IDLE, UNKNOWN_STATE, Instance
from problems.io.errors import InputError
from problems.production.fit import fit_scenario
from problems.production.gentd26 import read_gentd26
from problems.production.hours import Hours, last_week
from problems.production.replay import replay
from problems.scenario import Scenario
from tests.problems.production.logs import EXTENT, line, real_log, real_requests, requests_of, small_lines, write_log
from tests.problems.production.logs import HOURS as FITTED

HOURS = Hours(30, 39)


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return fit_scenario(requests_of(tmp_path, small_lines()), FITTED, 22.0, "mine", EXTENT).scenario


def replayed(scenario: Scenario, folder: Path, rows: list[str], hours: Hours = HOURS, seed: int = 0) -> Instance:
    path = write_log(folder / "log.csv", rows)
    return replay(scenario, read_gentd26(path), hours, path, seed)[0]


def test_the_trace_has_the_hours_and_the_scenarios_slots_and_users(scenario: Scenario, tmp_path: Path) -> None:
    instance = replayed(scenario, tmp_path, small_lines())
    assert instance.trace.request.shape == (10, 6, 4)
    assert (instance.trace.state == UNKNOWN_STATE).all()
    assert not instance.demand.state_observed
    assert instance.name == "mine-s0-log"


def test_requests_are_the_logs_and_quiet_hours_are_idle(scenario: Scenario, tmp_path: Path) -> None:
    rows = [line(0, "A"), line(61, "F"), line(182, "B", kind="IMG_2_IMG", images="4.0")]
    trace = replayed(scenario, tmp_path, rows, Hours(0, 3)).trace
    assert [frame[frame != IDLE].tolist() for frame in trace.request] == [[0], [3], [], [1]]
    taken = trace.request != IDLE
    assert trace.input_mb[taken].tolist() == [0.01, 0.01, 1.5]
    assert trace.output_mb[taken].tolist() == [1.5, 1.5, 6.0]


def test_shuffled_rows_and_another_time_zone_give_the_same_instance(scenario: Scenario, tmp_path: Path) -> None:
    rows = small_lines()
    expected = replayed(scenario, tmp_path, rows).sha256
    assert replayed(scenario, tmp_path, random.Random(0).sample(rows, len(rows))).sha256 == expected
    zoned = [f"{row[:19]}+05:30{row[19:]}" for row in rows]
    assert replayed(scenario, tmp_path, zoned).sha256 == expected


def test_the_trace_seed_decides_channels_alone(scenario: Scenario, tmp_path: Path) -> None:
    first, other = (replayed(scenario, tmp_path, small_lines(), seed=seed).trace for seed in (0, 1))
    assert np.array_equal(first.request, other.request)
    assert not np.array_equal(first.gain, other.gain)


def test_a_scenario_without_an_entry_for_the_rest_leaves_it_out(scenario: Scenario, tmp_path: Path) -> None:
    named = scenario.model_copy(update={"models": scenario.models[:3]})
    assert set(np.unique(replayed(named, tmp_path, small_lines()).trace.request)) == {IDLE, 0, 1, 2}


def test_a_scenario_of_other_models_gets_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"hours: 30-39; no request in them is for a model of small"):
        replayed(family_scenario("small", 0), tmp_path, small_lines())


def test_the_last_week_of_the_real_log_is_replayed_whole() -> None:
    requests = real_requests()
    hours = last_week(requests)
    instance, seats = replay(family_scenario("production", 0), requests, hours, real_log("lora_request_trace.csv"))
    assert instance.active_requests == int(hours.of(requests).sum()) == 12041
    assert seats.left_over == 0
