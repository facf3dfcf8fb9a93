"""Learning curves: what is measured on the way, which changes nothing and travels with the agent."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from problems.families.drawn import family_scenario
from problems.scenario import Scenario
from solvers.base import Budget
from solvers.learning_curve import CurvePoint, LearningCurve
from solvers.two_timescale import TwoTimescale
from t2drl.checkpoints.cache import trained
from t2drl.checkpoints.checkpoint import read_checkpoint, read_unfinished, write_checkpoint, write_unfinished
from t2drl.settings import fast, general, paper
from t2drl.strategies.specialist import Ddpg, Ddqn
from t2drl.training import recorder as curve_recorder
from t2drl.training.loop import Training
from t2drl.training.recorder import MOST_POINTS, CurveRecorder
from t2drl.training.run import agent_of, train
from t2drl.training.validation import validation_of
from t2drl.world.unseen import training_scenarios
from tests.cases import sampled
from tests.solvers.support import Remembering
from tests.t2drl.conftest import tiny_settings


@pytest.fixture(autouse=True)
def points_close_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a training of a second has many."""
    monkeypatch.setattr(curve_recorder, "SLOTS_APART", 10)


def recorded(scenarios: tuple[Scenario, ...], length: int, **changes: object) -> Training:
    """A training that was measured on its way."""
    training = Training(scenarios, tiny_settings(**changes), length, seed=3)
    played_on(training, length)
    return training


def played_on(training: Training, until: int) -> None:
    """Play, and be measured, until so many slots are played."""
    recorder = CurveRecorder(training)
    recorder.look()
    while training.counts.played < until:
        training.play_frame()
        recorder.look()


@pytest.mark.parametrize("told", [False, True])
def test_who_is_measured_learns_the_same(told: bool) -> None:
    scenarios = training_scenarios("tiny", 2) if told else (family_scenario("tiny", 0),)
    measured = recorded(scenarios, 90, told=told, envs=32)
    alone = train(scenarios, measured.settings, 90, seed=3)
    assert len(measured.curve) == 10
    assert alone.counts.slot_updates > 0
    assert not alone.curve
    assert torch.equal(measured.generator.get_state(), alone.generator.get_state())
    tensors = agent_of(alone).tensors
    assert all(torch.equal(found, tensors[name]) for name, found in agent_of(measured).tensors.items())
    assert measured.counts.slots == alone.counts.slots


def test_points_are_evenly_spaced_from_the_start_to_the_end() -> None:
    training = recorded((family_scenario("tiny", 0),), 10 * MOST_POINTS)
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
    whole = recorded((family_scenario("tiny", 0),), 80)
    half = Training(whole.scenarios, whole.settings, 80, seed=3)
    played_on(half, 46)
    write_unfinished(half, tmp_path / "half")
    resumed = read_unfinished(tmp_path / "half")
    played_on(resumed, 80)
    assert len(whole.curve) == 9
    hashes = [write_checkpoint(training, tmp_path / "agent") for training in (whole, resumed)]
    assert hashes[0] == hashes[1]


def test_a_solve_reports_the_curves_of_its_agents(cache_folder: Path) -> None:
    instance, report = sampled("tiny"), Remembering()
    TwoTimescale(Ddqn(train_steps=20), Ddpg(train_steps=20, seed=1)).solve(instance, Budget(), report)
    curves = [record.curve for record in report.records]
    assert [curve.learner for curve in curves if curve is not None] == ["ddqn+ddpg", "ddqn+ddpg"]
    for curve, record in zip(curves, report.records, strict=True):
        assert curve is not None
        assert len(curve.points) == 3
        assert curve.planned_steps <= record.environment_steps == curve.points[-1].environment_steps
        assert curve.points[-1].cpu_s <= record.training_cpu_s
        assert curve.validation_cpu_s > 0
    TwoTimescale(Ddqn(train_steps=20), Ddpg(train_steps=20, seed=1)).solve(instance, Budget(), again := Remembering())
    assert [record.curve for record in again.records] == curves
    assert [path.suffix for path in cache_folder.rglob("*.safetensors")] == [".safetensors"] * 2


def test_a_training_that_is_cut_short_keeps_what_it_has() -> None:
    budget = Budget(time_limit_s=2.0)
    found = trained((family_scenario("tiny", 0),), tiny_settings(), 1_000_000, 0, budget, lambda words: None)
    assert 1 <= len(found.header["curve"]["cpu_s"]) < MOST_POINTS


def test_the_hash_holds_the_curve_but_not_its_times(tmp_path: Path) -> None:
    training = recorded((family_scenario("tiny", 0),), 20)
    first = write_checkpoint(training, tmp_path / "a")
    last = training.curve[-1]
    training.curve[-1] = last._replace(cpu_s=last.cpu_s + 1)
    training.counts.validation_cpu_s += 1
    assert write_checkpoint(training, tmp_path / "b") == first
    training.curve[-1] = last._replace(excess_pct=last.excess_pct + 1)
    assert write_checkpoint(training, tmp_path / "c") != first
    assert read_checkpoint(tmp_path / "c").header["curve"]["excess_pct"][-1] == last.excess_pct + 1


def test_the_learner_is_named_after_the_solver_of_both_halves() -> None:
    kinds = (fast(), fast(algorithm="ddpg"), general(), paper(), fast(chain=5), paper(chain=2))
    names = ["t2drl", "ddqn+ddpg", "generalist", "t2drl-paper", "t2drl, chain 5", "t2drl-paper, chain 2"]
    assert [kind.learner for kind in kinds] == names


@pytest.mark.parametrize("change", [{"points": [[0, 0, 1.0]]}, {"points": [[0, 0, 1.0, float("nan"), 0.0]]}, {}])
def test_what_is_no_curve_is_refused(change: dict[str, object]) -> None:
    good = LearningCurve("t2drl", 64, (CurvePoint(0, 0, 0.5, 9.0, 3.0),), 0.25)
    document: dict[str, object] = {"learner": "t2drl", "planned_steps": 64, "points": [[0, 0, 0.5, 9.0, 3.0]]}
    assert LearningCurve.of({**document, "validation_cpu_s": 0.25}) == good
    with pytest.raises((KeyError, TypeError, ValueError)):
        LearningCurve.of({**document, **change, **({"validation_cpu_s": 0.25} if change else {})})
