"""How long a training may be."""

from __future__ import annotations

from problems.families.named import family_scenario
from t2drl.training.run import length_for
from tests.t2drl.trainings import TINIEST, tiny_settings


def test_ten_times_the_minutes_make_about_ten_times_the_slots() -> None:
    scenarios, settings = (family_scenario("tiny", 0),), tiny_settings(**TINIEST)
    short, long = (length_for(scenarios, settings, cpu_s) for cpu_s in (1.0, 10.0))
    assert 100 < short < long < 40 * short
