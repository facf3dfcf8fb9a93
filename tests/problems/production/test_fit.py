"""A scenario fitted to a log."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from problems.families.named import family_scenario
from problems.instance import IDLE
from problems.io.errors import InputError
from problems.production.catalogue import REST
from problems.production.extent import Extent
from problems.production.fit import Fitted, fit_scenario
from problems.production.gentd26 import ServedRequests
from problems.production.hours import first_two_weeks
from problems.production.loading import mean_loading_s
from tests.problems.production.logs import EXTENT, HOURS, real_log, real_requests, requests_of, small_lines


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> ServedRequests:
    return requests_of(tmp_path_factory.mktemp("log"), small_lines())


@pytest.fixture(scope="module")
def fitted(requests: ServedRequests) -> Fitted:
    return fit_scenario(requests, HOURS, 22.0, "mine", EXTENT)


def test_extent_and_catalogue(fitted: Fitted) -> None:
    scenario = fitted.scenario
    assert [model.name for model in scenario.models] == ["A", "B", "C", REST]
    assert (scenario.family, scenario.users, scenario.slots, scenario.frames) == ("mine", 4, 6, 5)
    assert len(scenario.demand.skew) == 2
    assert not scenario.demand.state_observed


def test_no_cache_holds_the_rest_but_one_holds_each_model(fitted: Fitted) -> None:
    size = fitted.scenario.catalogue.size_gb
    assert size[-1] > fitted.scenario.system.cache_gb
    assert (size[:-1] >= 2).all()
    assert (size[:-1] <= 10).all()


def test_service_times_are_those_of_the_log(fitted: Fitted, requests: ServedRequests) -> None:
    catalogue = fitted.scenario.catalogue
    times = requests.service_s[(requests.model == "A") & (requests.hour <= HOURS.last)]
    assert catalogue.cloud_s[0] == pytest.approx(np.median(times), rel=1e-5)
    at_the_edge = catalogue.step_s * catalogue.steps_high + catalogue.setup_s
    assert at_the_edge[0] == pytest.approx(np.quantile(times, 0.1), rel=1e-5)
    assert (at_the_edge < catalogue.cloud_s).all()


def test_loading_the_mean_model_costs_its_loading_time(fitted: Fitted) -> None:
    system = fitted.scenario.system
    mean_gb = fitted.scenario.catalogue.size_gb[:-1].mean()
    assert system.load_cost_per_gb * mean_gb == pytest.approx(system.latency_weight * 22.0, rel=1e-5)


def test_activity_is_the_share_of_places_in_hours_with_requests(fitted: Fitted) -> None:
    taken = fitted.seats.row != IDLE
    busy = taken[taken.any(axis=(1, 2))]
    assert fitted.scenario.demand.activity == pytest.approx(busy.mean(), rel=1e-5)


def test_the_states_popularity_is_about_that_of_the_log(fitted: Fitted) -> None:
    demand = fitted.scenario.demand
    asked = fitted.seats.entry[fitted.seats.entry != IDLE]
    assert demand.stationary @ demand.popularity == pytest.approx(np.bincount(asked) / len(asked), abs=0.06)


def test_later_hours_do_not_matter(tmp_path: Path) -> None:
    short = fit_scenario(requests_of(tmp_path, small_lines(30)), HOURS, 22.0, "mine", EXTENT)
    rows = small_lines(30) + [row.replace(",A,", ",B,") for row in small_lines(40)[301:]]
    assert fit_scenario(requests_of(tmp_path, rows), HOURS, 22.0, "mine", EXTENT).scenario == short.scenario


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"models": 7}, "models: 7; must be from 2 to 6"),
        ({"models": 1}, "models: 1; must be from 2 to 6"),
        ({"states": 0}, "states: 0; must be from 1 to 20"),
        ({"users": 0}, "users: 0; must be from 1 to 100000"),
        ({"slots": -1}, "slots: -1; must be from 1 to 100000"),
        ({"frames": 0}, "frames: 0; must be from 1 to 100000"),
    ],
)
def test_sizes_out_of_range_get_one_line(requests: ServedRequests, change: dict[str, int], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        fit_scenario(requests, HOURS, 22.0, "mine", Extent(**change))


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([row.replace(",A,", f",{REST},") for row in small_lines()], f"models: one is called '{REST}'"),
        ([row.replace(",30.0,", ",1e9,") for row in small_lines()], "steps_high: 1000000000.0; must be <= 100000"),
        (
            [row.replace(",30.0,", ",,") for row in small_lines()],
            "model A: none of its requests has the times and steps",
        ),
    ],
)
def test_a_log_that_makes_no_scenario_gets_one_line(tmp_path: Path, rows: list[str], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        fit_scenario(requests_of(tmp_path, rows), HOURS, 22.0, "mine", EXTENT)


@pytest.mark.parametrize("models", [10, 20, 40])
def test_the_shipped_scenarios_are_fitted_to_the_first_two_weeks(models: int) -> None:
    requests, loading_s = real_requests(), mean_loading_s(real_log("basemodel_update_latency_anon.csv"))
    name = "production" if models == 10 else f"production-m{models}-n30-k12-t168"
    fitted = fit_scenario(requests, first_two_weeks(requests), loading_s, name, Extent(models=models))
    assert fitted.scenario == family_scenario(name, 0)
    assert fitted.seats.left_over == 0
