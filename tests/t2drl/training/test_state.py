"""A training can be stopped anywhere, also one that an older version left."""

from __future__ import annotations

from pathlib import Path

import pytest

from problems.families.named import family_scenario
from t2drl.checkpoints.checkpoint import read_unfinished, write_checkpoint, write_unfinished
from t2drl.checkpoints.tensor_file import read_tensors, write_tensors
from t2drl.training.loop import Training
from tests.t2drl.trainings import interrupted, played, tiny_settings, with_former_names


@pytest.mark.parametrize("algorithm", ["d3pg", "ddpg"])
def test_a_resumed_training_equals_an_uninterrupted_one(algorithm: str, tmp_path: Path) -> None:
    scenario, settings = family_scenario("drift", 1), tiny_settings(algorithm=algorithm, warmup=0.4)
    whole = played((scenario,), settings, 250, seed=3)
    resumed = interrupted(Training((scenario,), settings, 250, seed=3), (70, 180), tmp_path)
    hashes = [write_checkpoint(t, tmp_path / f"{n}") for n, t in enumerate((whole, resumed))]
    assert hashes[0] == hashes[1]
    other = write_checkpoint(played((scenario,), settings, 250, seed=4), tmp_path / "other")
    assert other != hashes[0]


def test_a_training_that_version_0_1_left_is_resumed_to_the_same_agent(tmp_path: Path) -> None:
    scenarios, settings = (family_scenario("tiny", 0),), tiny_settings(uniform_share=0.2)
    half = Training(scenarios, settings, 60, seed=1)
    for _ in range(20):
        half.play_frame()
    write_unfinished(half, tmp_path / "half")
    tensors, header = read_tensors(tmp_path / "half", "t2bench-training")
    write_tensors(tmp_path / "older", "t2bench-training", tensors, with_former_names(header))
    resumed = read_unfinished(tmp_path / "older")
    while not resumed.done:
        resumed.play_frame()
    whole = played(scenarios, settings, 60, seed=1)
    hashes = [write_checkpoint(training, tmp_path / "agent") for training in (whole, resumed)]
    assert hashes[0] == hashes[1]
