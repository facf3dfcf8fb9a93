"""A training that was interrupted ends with the same bits."""

from __future__ import annotations

from pathlib import Path

import pytest

from problems.calibration.experiment import training
from tests.problems.calibration.experiment.small import TINY, Stop, silent


def weights(path: Path) -> bytes:
    (file,) = path.glob("*.safetensors")
    return file.read_bytes()


def test_an_interrupted_training_gives_the_same_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "SAVE_EVERY", 5)
    training.trained(TINY, tmp_path, silent)
    whole = weights(tmp_path)
    other = tmp_path / "other"
    other.mkdir()

    def stop(line: str) -> None:
        raise Stop

    with pytest.raises(Stop):
        training.trained(TINY, other, stop)
    said: list[str] = []
    training.trained(TINY, other, said.append)
    assert weights(other) == whole
    assert [line.split(" updates")[0] for line in said[:-1]] == ["tiny: 10/12"]
    assert len(list(other.iterdir())) == 1
