"""A measurement keeps what it found, however it ends."""

from __future__ import annotations

import itertools
import json
import os
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
import torch

from problems.calibration.experiment import measuring
from problems.calibration.experiment.measuring import Plan, measure
from tests.problems.calibration.experiment.small import TINY, Stop, silent

PLAN = Plan(variants=(TINY,), stopped=(1, 2), stopped_seeds=2, planned=(1,), planned_seeds=1)


def test_each_number_of_steps_meets_the_machine_at_several_times() -> None:
    """Seed by seed, and what has fewer seeds ends earlier."""
    assert list(PLAN.rows()) == [
        *(("stopped", 0, 1), ("stopped", 0, 2), ("planned", 0, 1)),
        *(("stopped", 1, 1), ("stopped", 1, 2)),
    ]


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
