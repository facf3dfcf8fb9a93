"""The measurement of small diffusion models, at a size that takes seconds."""

from __future__ import annotations

import itertools
import json
import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytest.importorskip("sklearn")

from problems.calibration.experiment import measuring, training  # noqa: E402
from problems.calibration.experiment.digits import digits, ink  # noqa: E402
from problems.calibration.experiment.measuring import Plan, measure  # noqa: E402
from problems.calibration.experiment.networks import Variant, network  # noqa: E402
from problems.calibration.experiment.quality import Eyes, frechet_distance, total_variation  # noqa: E402
from problems.calibration.experiment.sampling import SCHEDULE, sample, walk  # noqa: E402

TINY = Variant("tiny", width=8, updates=12, batch=8)
PLAN = Plan(variants=(TINY,), stopped=(1, 2), stopped_seeds=2, planned=(1,), planned_seeds=1)


class Stop(Exception):
    """In place of a user's Ctrl-C."""


def silent(line: str) -> None:
    """Nobody listens."""


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


def test_an_interrupted_measurement_keeps_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = itertools.count()
    row = measuring._row

    def interrupted(*arguments: object) -> object:
        if next(measured) == 2:
            raise Stop
        return row(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(measuring, "_row", interrupted)
    with pytest.raises(Stop):
        measure(tmp_path / "out", tmp_path / "cache", silent, PLAN)
    assert not (tmp_path / "out" / "measurements.csv").exists()
    measure(tmp_path / "out", tmp_path / "cache", silent, PLAN)
    assert next(measured) == 1 + 5
    table = pd.read_csv(tmp_path / "out" / "measurements.csv")
    assert list(zip(table["seed"], table["steps"], strict=True)) == [(0, 1), (0, 2), (1, 1), (1, 2)]
    assert (table[["quality_tv", "seconds", "wall_seconds", "frechet", "parameters"]] > 0).all(axis=None)
    assert (table["seconds_16"] > 0).tolist() == [True, True, False, False]
    sheets = sorted(path.name for path in (tmp_path / "out" / "sheets").iterdir())
    assert sheets == ["planned-01.png", "stopped-01.png", "stopped-02.png"]


def test_a_measurement_that_is_killed_keeps_the_rows_that_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfinished = tmp_path / "rows.jsonl"
    rows = [{"model": "tiny", "chain": "stopped", "seed": 0, "steps": steps} for steps in (1, 2)]
    whole = "".join(json.dumps(row) + "\n" for row in rows)
    unfinished.write_text(whole + '{"model": "ti')
    monkeypatch.setattr(measuring, "Eyes", object)
    monkeypatch.setattr(measuring, "_row", lambda *arguments: os._exit(9))
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            measuring._measured({"tiny": torch.nn.Identity()}, PLAN, unfinished, silent)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    assert unfinished.read_text() == whole


def test_a_stopped_chain_holds_what_the_whole_one_held_then() -> None:
    torch.manual_seed(0)
    model = network(8).eval()
    whole = walk(model, requests=3, seed=4)
    assert len(whole) == SCHEDULE
    for steps in (1, 7, SCHEDULE):
        assert torch.equal(sample(model, steps, "stopped", requests=3, seed=4), whole[steps - 1])
    assert torch.equal(sample(model, SCHEDULE, "planned", requests=3, seed=4), whole[-1])


def test_total_variation_counts_each_pair_of_neighbours_once() -> None:
    picture = torch.full((1, 1, 8, 8), -1.0)
    picture[0, 0, 3, 3] = 9.0
    assert total_variation(picture) == pytest.approx(4.0)


def test_digits_are_nearer_to_digits_than_noise_is() -> None:
    pictures, labels = digits()
    assert (len(pictures), len(labels)) == (1797, 1797)
    assert (float(ink(pictures).min()), float(ink(pictures).max())) == (0.0, 1.0)
    eyes = Eyes()
    some = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(0))[:100]
    noise = torch.randn(100, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    assert eyes.distance(pictures[some]) < 0.1 * eyes.distance(noise)


def test_the_distance_between_normal_samples_is_the_textbook_s() -> None:
    random = np.random.default_rng(0)
    one = torch.tensor(random.normal(size=(200_000, 2)))
    other = one * torch.tensor([2.0, 1.0]) + torch.tensor([0.0, 3.0])
    assert frechet_distance(one, other) == pytest.approx(1.0 + 9.0, rel=0.02)
