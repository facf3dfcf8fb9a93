"""``t2bench calibrate``: curves from a file of measurements."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from problems.families.named import family_scenario
from problems.scenario import read_scenario, scenario_yaml
from t2bench.cli import calibrate
from t2bench.cli.main import main
from tests.problems.calibration.support import TRUTH, made_up, to_csv


@pytest.fixture
def measurements(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(to_csv(made_up(np.random.default_rng(1))))
    return path


def test_an_entry_goes_into_a_scenario_as_it_is(measurements: Path, tmp_path: Path) -> None:
    entry, scenario = tmp_path / "entry.yaml", tmp_path / "scenario.yaml"
    assert main(["calibrate", str(measurements), "-o", str(entry), "--size-gb", "3", "--cloud-s", "9"]) == 0
    document = yaml.safe_load(scenario_yaml(family_scenario("tiny-m1-n2-k2-t3", 0)))
    document |= yaml.safe_load(entry.read_text())
    scenario.write_text(yaml.safe_dump(document))
    (model,) = read_scenario(scenario).models
    assert (model.name, model.size_gb, model.cloud_s) == ("mine", 3.0, 9.0)
    assert model.steps_high == pytest.approx(TRUTH["steps_high"], abs=2.0)
    assert entry.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_numbers_are_printed_as_a_table_and_as_json(measurements: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", str(measurements)]) == 0
    table = capsys.readouterr().out.splitlines()
    assert main(["calibrate", str(measurements), "--json"]) == 0
    (document,) = json.loads(capsys.readouterr().out)
    value, low, high = document["steps_low"]
    assert table[1].split() == ["steps_low", f"{value:.4g}", f"({low:.4g}", "to", f"{high:.4g})"]


def test_the_seed_decides_the_intervals(measurements: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for seed in ("1", "1", "2"):
        assert main(["calibrate", str(measurements), "--seed", seed]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] != printed[2]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "needs either MEASUREMENTS.csv"),
        (["mine.csv", "--measure"], "needs either MEASUREMENTS.csv"),
        (["mine.csv", "--size-gb", "-1"], "--size-gb: -1.0; must be > 0"),
        (["mine.csv", "--seed", "-1"], "--seed: -1; must be >= 0"),
        (["mine.csv", "-o", "entry.png"], "--output: 'entry.png'; must be a YAML file"),
        (["none.csv"], "none.csv: cannot be read: no such file"),
    ],
)
def test_bad_input_is_one_line(
    options: list[str],
    words: str,
    measurements: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(measurements.parent)
    assert main(["calibrate", *options]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert [path.name for path in measurements.parent.iterdir()] == ["mine.csv"]


def test_a_curve_that_rises_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rising.csv"
    path.write_text("steps,quality_tv,seconds\n" + "".join(f"{s},{10 + s},{s}\n" for s in range(1, 9)))
    assert main(["calibrate", str(path), "-o", str(tmp_path / "entry.yaml")]) == 2
    assert capsys.readouterr().err == (
        f"t2bench: {path}: model 'rising', column quality_tv: rises with the steps; lower is better, so it must fall\n"
    )
    assert not (tmp_path / "entry.yaml").exists()


def test_measuring_needs_its_libraries(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(calibrate, "_LIBRARIES", ("no_such_library",))
    assert main(["calibrate", "--measure"]) == 2
    assert capsys.readouterr().err == "t2bench: calibrate --measure: not installed: pip install 't2bench[calibrate]'\n"
