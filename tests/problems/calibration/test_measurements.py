"""Files of measurements: what is read, and the one line for what cannot be used."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from problems.calibration.measurements import read_measurements
from problems.io.errors import InputError
from tests.problems.calibration.support import made_up, to_csv

GOOD = to_csv(made_up(np.random.default_rng(0), seeds=1))


def write(folder: Path, text: str) -> Path:
    path = folder / "m.csv"
    path.write_text(text)
    return path


def test_models_are_told_apart_and_extra_columns_named(tmp_path: Path) -> None:
    lines = [f"{model},{s},{60 - s},{s},x" for model in ("b", "a") for s in range(1, 7)]
    path = write(tmp_path, "\n".join(["model, steps, quality_tv, seconds, note", *lines]))
    measured, unused = read_measurements(path)
    assert [data.model for data in measured] == ["b", "a"]
    assert unused == ["note"]
    np.testing.assert_array_equal(measured[1].quality_tv, 60.0 - np.arange(1, 7))


def test_without_a_model_the_file_names_it(tmp_path: Path) -> None:
    measured, unused = read_measurements(write(tmp_path, GOOD))
    assert ([data.model for data in measured], unused) == (["m"], [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            re.sub(r"\n4,[^,]*,", "\n4,1e300,", GOOD),
            "line 3, column quality_tv: '1e300'; must be a number > 0 and <= 1e+15",
        ),
        ("steps,quality_tv\n1,2\n", "column seconds: missing; required"),
        (GOOD.replace("\n1,", "\n-1,"), "line 2, column steps: '-1'; must be a number > 0"),
        (GOOD.replace("\n1,", "\n1.5,"), "line 2, column steps: '1.5'; must be a whole number in 1..100000"),
        (re.sub(r"(\n8,[^,]*,)", r"\1-", GOOD), "line 4, column seconds: '-"),
        (re.sub(r"\n4,[^,]*,", "\n4,NaN,", GOOD), "line 3, column quality_tv: 'NaN'; must be a number > 0"),
        ("steps,quality_tv,seconds\n20,40,1\n20,41,1\n", "column steps: 1 distinct step count; needs from 5 to 100"),
        ("steps,quality_tv,seconds\n", "no rows; needs at least one"),
        ("seed,steps,quality_tv,seconds\n1,2,3,4\n1,2,3,5\n", "line 3, column seed: '1'; must differ"),
    ],
)
def test_what_cannot_be_used_is_one_line(tmp_path: Path, text: str, words: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_measurements(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
