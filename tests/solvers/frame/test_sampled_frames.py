"""Sampled frames against the process they are drawn from."""

from __future__ import annotations

import numpy as np
import pytest

from problems.episode import frame_views
from problems.families.named import family_scenario
from problems.families.sampling import sample_trace
from problems.scenario import Scenario
from solvers.frame.sampled_frames import Stratified, known_scenario, sampled_frames
from tests.cases import sampled


def scenario_with(family: str, **demand: object) -> Scenario:
    scenario = family_scenario(family, 0)
    return scenario.model_copy(update={"demand": scenario.demand.model_copy(update=demand)})


@pytest.mark.parametrize("rows", [1, 2, 7, 64])
def test_stratified_numbers_fall_one_into_each_stratum(rows: int) -> None:
    numbers = Stratified("a").uniform(rows, 3, 5)
    assert numbers.min() >= 0
    assert numbers.max() < 1
    strata = np.sort((numbers * rows).astype(int), axis=0)
    assert (strata == np.arange(rows)[:, None, None]).all()


def test_rows_of_a_stratified_stream_are_uniform_and_uncorrelated() -> None:
    """Over many streams; within one, places are paired at random."""
    numbers = np.array([Stratified("a", i).uniform(4, 2) for i in range(4000)])
    assert numbers.mean(axis=0) == pytest.approx(0.5 * np.ones((4, 2)), abs=0.02)
    assert numbers.var(axis=0) == pytest.approx(np.ones((4, 2)) / 12, abs=0.005)
    correlation = np.corrcoef(numbers[:, 0, 0], numbers[:, 0, 1])[0, 1]
    assert abs(correlation) < 0.06


def test_requests_follow_the_popularity_of_the_state_and_the_activity() -> None:
    scenario = scenario_with("drift", activity=0.6)
    popularity = scenario.demand.popularity
    for state in range(3):
        request = sampled_frames(scenario, np.full(100, state), "test", state).trace.request
        assert (request >= 0).mean() == pytest.approx(0.6, abs=0.02)
        share = np.bincount(request[request >= 0], minlength=10) / (request >= 0).sum()
        assert share == pytest.approx(popularity[state], abs=0.02)


def test_there_is_a_frame_for_every_state_in_their_order() -> None:
    instance = sampled_frames(family_scenario("drift", 0), np.array([0, 1, 2, 0, 1, 1]), "test")
    assert instance.trace.state.tolist() == [0, 1, 2, 0, 1, 1]
    assert instance.trace.request.shape == instance.trace.gain.shape == (6, 5, 10)


def test_users_walk_on_from_slot_to_slot_of_a_frame() -> None:
    """Users who hardly move keep their distances: gains differ less within a frame than between frames."""
    scenario = scenario_with("drift", move_km=0.001)
    level = np.log10(sampled_frames(scenario, np.zeros(60, dtype=int), "test").trace.gain)
    within, between = np.abs(np.diff(level, axis=1)).mean(), np.abs(np.diff(level, axis=0)).mean()
    assert within < 0.8 * between


def test_gains_are_distributed_as_in_traces() -> None:
    scenario = family_scenario("small", 0)
    trace = np.concatenate([sample_trace(scenario, i).gain.ravel() for i in range(150)])
    frames = sampled_frames(scenario, np.zeros(1500, dtype=int), "test").trace.gain.ravel()
    quantiles = np.linspace(0.05, 0.95, 10)
    assert np.log10(np.quantile(frames, quantiles)) == pytest.approx(np.log10(np.quantile(trace, quantiles)), abs=0.06)


def test_equal_words_give_equal_frames() -> None:
    scenario, states = family_scenario("tiny", 0), np.zeros(3, dtype=int)
    first, again, other = (sampled_frames(scenario, states, word).document["trace"] for word in ("a", "a", "b"))
    assert first == again
    assert all(first[name] != other[name] for name in ("request", "gain", "input_mb", "output_mb"))


def test_a_long_trace_is_not_walked_to_its_end() -> None:
    scenario = family_scenario("tiny", 0).model_copy(update={"frames": 10**9})
    assert sampled_frames(scenario, np.zeros(6, dtype=int), "test").frames == 6


def test_what_a_policy_knows_is_the_same_scenario_in_every_frame() -> None:
    instance = sampled("tiny")
    views = list(frame_views(instance, np.zeros((instance.frames, len(instance.models)))))
    known = {known_scenario(view) for view in views}
    assert len(known) == 1
    scenario = family_scenario("tiny", 0).model_copy(update={"family": "known"})
    assert known == {scenario}
