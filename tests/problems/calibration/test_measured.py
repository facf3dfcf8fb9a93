"""The scenario of measured models, and the one that is shipped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import problems.calibration
from problems.calibration.curves import fit_curves
from problems.calibration.measured import BASE, Assumptions, measured_scenario
from problems.families.named import family_scenario
from problems.scenario import read_scenario
from t2bench.cli.main import main
from tests.problems.calibration.support import TRUTH, made_up

DATA = Path(problems.calibration.__path__[0], "data")


def test_seconds_sizes_and_the_worth_of_quality_are_scaled_by_one_number_each() -> None:
    one = fit_curves(made_up(np.random.default_rng(0), noise_tv=0.0, noise=0.0))
    slower = replace(one, model="slower", step_s=one.step_s._replace(value=3 * one.step_s.value))
    assumed = Assumptions(fine_tunes=2)
    scenario, longer = measured_scenario("mine", [one, slower], [1.0, 3.0], assumed)
    first, second = scenario.models[:2]
    assert [model.name for model in scenario.models] == ["made-up-a", "slower-a", "made-up-b", "slower-b"]
    assert (second.size_gb / first.size_gb, second.step_s / first.step_s) == pytest.approx((3.0, 3.0), rel=1e-5)
    assert first.setup_s == pytest.approx(longer * TRUTH["setup_s"], rel=1e-5)
    assert scenario.catalogue.size_gb.mean() == pytest.approx(assumed.mean_size_gb, rel=1e-5)
    assert scenario.catalogue.step_s.mean() == pytest.approx(assumed.mean_step_s, rel=1e-5)
    fall = TRUTH["tv_worst"] - TRUTH["tv_best"]
    assert scenario.system.tv_to_s * fall == pytest.approx(assumed.worth_of_quality_s, rel=1e-5)


def test_demand_and_radio_are_the_base_s() -> None:
    one = fit_curves(made_up(np.random.default_rng(0)))
    scenario, _ = measured_scenario("mine", [one], [1.0], Assumptions(fine_tunes=6))
    base = family_scenario(f"{BASE}-m6-n10-k5-t40", 0)
    assert scenario.demand == base.demand
    own = {"cache_gb", "tv_to_s"}
    assert scenario.system.model_dump(exclude=own) == base.system.model_dump(exclude=own)


def test_the_shipped_scenario_is_what_its_command_makes_of_the_shipped_measurements(tmp_path: Path) -> None:
    path = tmp_path / "measured.yaml"
    assert main(["calibrate", str(DATA / "measurements.csv"), "--scenario", "-o", str(path)]) == 0
    made, shipped = read_scenario(path), family_scenario("measured", 0)
    assert made.demand == shipped.demand
    for field, numbers in vars(made.catalogue).items():
        np.testing.assert_allclose(numbers, getattr(shipped.catalogue, field), rtol=1e-5, err_msg=field)
    assert made.system.deadline_s is shipped.system.deadline_s is None
    absent = {"deadline_s"}
    assert made.system.model_dump(exclude=absent) == pytest.approx(shipped.system.model_dump(exclude=absent), rel=1e-5)
