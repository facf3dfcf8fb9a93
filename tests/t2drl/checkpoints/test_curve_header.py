"""Learning curves in the headers of checkpoints."""

from __future__ import annotations

from pathlib import Path

import pytest

from problems.families.named import family_scenario
from solvers.base import Budget
from solvers.two_timescale import TwoTimescale
from t2drl.checkpoints.checkpoint import read_checkpoint, write_checkpoint
from t2drl.strategies.specialist import Ddpg, Ddqn
from t2drl.training import recorder
from t2drl.training.run import train
from tests.cases import sampled
from tests.solvers.support import Remembering
from tests.t2drl.trainings import tiny_settings


@pytest.fixture(autouse=True)
def points_close_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a training of a second has many."""
    monkeypatch.setattr(recorder, "SLOTS_APART", 10)


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


def test_the_hash_holds_the_curve_but_not_its_times(tmp_path: Path) -> None:
    training = train((family_scenario("tiny", 0),), tiny_settings(), 20, 3)
    first = write_checkpoint(training, tmp_path / "a")
    last = training.curve[-1]
    training.curve[-1] = last._replace(cpu_s=last.cpu_s + 1)
    training.counts.validation_cpu_s += 1
    assert write_checkpoint(training, tmp_path / "b") == first
    training.curve[-1] = last._replace(excess_pct=last.excess_pct + 1)
    assert write_checkpoint(training, tmp_path / "c") != first
    assert read_checkpoint(tmp_path / "c").header["curve"]["excess_pct"][-1] == last.excess_pct + 1
