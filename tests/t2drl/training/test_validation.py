"""The validation of a training: other traces, or other scenarios."""

from __future__ import annotations

from problems.families.named import family_scenario
from problems.seeds import VALIDATION_SEEDS
from t2drl.training.loop import Training
from t2drl.training.validation import OTHER_SCENARIOS, TRACES, validation_of
from t2drl.world.scenarios import training_scenarios
from tests.t2drl.trainings import TINIEST, tiny_settings


def test_a_specialist_is_validated_on_other_traces_and_a_generalist_on_other_scenarios() -> None:
    settings = tiny_settings(**TINIEST)
    own = validation_of(Training((family_scenario("tiny", 2),), settings, 10, seed=0))
    assert own is not None
    assert [instance.trace_seed for instance in own.instances] == [VALIDATION_SEEDS + n for n in range(TRACES)]
    assert {scenario.scenario_seed for scenario in own.scenarios} == {2}
    others = validation_of(Training(training_scenarios("tiny", 2), settings, 10, seed=0))
    assert others is not None
    seeds = [scenario.scenario_seed for scenario in others.scenarios]
    assert seeds == [VALIDATION_SEEDS + n for n in range(OTHER_SCENARIOS)]
    assert all(optimum > 0 for optimum in (*own.optima, *others.optima))
