"""Learning curves: what is measured on the way changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from problems.families.named import family_scenario
from t2drl.checkpoints.checkpoint import read_unfinished, write_checkpoint, write_unfinished
from t2drl.training import recorder as curve_recorder
from t2drl.training.loop import Training
from t2drl.training.recorder import MOST_POINTS, CurveRecorder
from t2drl.training.run import train
from t2drl.training.state import agent_of
from t2drl.training.validation import validation_of
from t2drl.world.scenarios import training_scenarios
from tests.t2drl.trainings import played, tiny_settings

TINY = (family_scenario("tiny", 0),)


@pytest.fixture(autouse=True)
def points_close_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a training of a second has many."""
    monkeypatch.setattr(curve_recorder, "SLOTS_APART", 10)


def played_on(training: Training, until: int) -> None:
    """Play, and be measured, until so many slots are played."""
    recorder = CurveRecorder(training)
    recorder.record_if_due()
    while training.counts.played < until:
        training.play_frame()
        recorder.record_if_due()


def never() -> bool:
    return False


@pytest.mark.parametrize("general", [False, True])
def test_who_is_measured_learns_the_same(general: bool) -> None:
    scenarios = training_scenarios("tiny", 2) if general else TINY
    settings = tiny_settings(observes_demand=general, envs=32)
    measured, alone = train(scenarios, settings, 90, 3, never), played(scenarios, settings, 90, seed=3)
    assert len(measured.curve) == 10
    assert alone.counts.slot_updates > 0
    assert not alone.curve
    assert torch.equal(measured.rng.generator.get_state(), alone.rng.generator.get_state())
    tensors = agent_of(alone).tensors
    assert all(torch.equal(found, tensors[name]) for name, found in agent_of(measured).tensors.items())
    assert measured.counts.slots == alone.counts.slots


def test_points_are_evenly_spaced_from_the_start_to_the_end() -> None:
    training = train(TINY, tiny_settings(), 10 * MOST_POINTS, 3, never)
    played = [point.environment_steps // training.settings.envs for point in training.curve]
    assert played == list(range(0, training.length + 1, 10))
    first, last = training.curve[0], training.curve[-1]
    assert first.updates == 0 < last.updates == training.counts.slot_updates + training.counts.frame_updates
    assert [point.cpu_s for point in training.curve] == sorted(point.cpu_s for point in training.curve)
    assert last.cpu_s == training.counts.cpu_s
    assert training.counts.validation_cpu_s > 0
    assert all(point.excess_pct > -1e-6 and point.allocation_pct > -1e-6 for point in training.curve)
    validation = validation_of(training)
    assert validation is not None
    assert validation.gaps(agent_of(training)).both == last.excess_pct


def test_a_resumed_training_has_the_same_curve(tmp_path: Path) -> None:
    whole = train(TINY, tiny_settings(), 80, 3, never)
    half = Training(whole.scenarios, whole.settings, 80, seed=3)
    played_on(half, 46)
    write_unfinished(half, tmp_path / "half")
    resumed = read_unfinished(tmp_path / "half")
    played_on(resumed, 80)
    assert len(whole.curve) == 9
    hashes = [write_checkpoint(training, tmp_path / "agent") for training in (whole, resumed)]
    assert hashes[0] == hashes[1]
