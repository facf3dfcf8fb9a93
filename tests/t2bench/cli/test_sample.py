"""``t2bench sample`` and ``t2bench families`` in sizes other than a family's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import read_instance
from problems.scenario import scenario_yaml
from t2bench.cli.main import main
from tests.t2bench.cli.command import refused, t2bench


def sample(*arguments: object) -> int:
    return main(["sample", *map(str, arguments)])


def test_options_and_the_name_give_the_same_instance(tmp_path: Path) -> None:
    by_options, by_name = tmp_path / "a.json", tmp_path / "b.json"
    assert sample("paper", "--models", 20, "--users", 4, "--slots", 2, "--frames", 1, "-o", by_options) == 0
    assert sample("paper-m20-n4-k2-t1", "-o", by_name) == 0
    assert by_options.read_bytes() == by_name.read_bytes()
    expected = sample_instance(family_scenario("paper-m20-n4-k2-t1", 0), 0)
    assert read_instance(by_name).sha256 == expected.sha256


def test_the_scenario_of_other_sizes_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["families", "tiny", "--models", "5", "--scenario-seed", "2"]) == 0
    document = yaml.safe_load(capsys.readouterr().out)
    assert (document["family"], len(document["models"])) == ("tiny-m5-n2-k2-t3", 5)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sample", "paper", "--users", "0", "-o", "a.json"], "users: 0; must be from 1 to 100000"),
        (["sample", "mine.yaml", "--slots", "3", "-o", "a.json"], "--slots: 3; mine.yaml is one scenario"),
        (["families", "--models", "3"], "--models: 3; needs the name of a family"),
    ],
)
def test_bad_sizes_are_one_line(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(scenario_yaml(family_scenario("tiny", 0)))
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert words in captured.err
    assert not Path("a.json").exists()


def test_a_request_log_becomes_an_instance(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("frame,slot,user,model\n0,0,0,m1\n1,1,1,m0\n")
    assert t2bench("sample", "tiny", "--requests", log, "-o", tmp_path / "a.json").returncode == 0
    assert json.loads((tmp_path / "a.json").read_text())["trace"]["request"][1] == [[-1, -1], [-1, 0]]


def test_bad_scenarios_get_one_line(tmp_path: Path) -> None:
    text = scenario_yaml(family_scenario("tiny", 0))
    (tmp_path / "typo.yaml").write_text(text.replace("backhaul_mbps", "backhaul_mbs"))
    (tmp_path / "type.yaml").write_text(text.replace("frames: 3", "frames: three"))
    assert "system.backhaul_mb" in refused("sample", tmp_path / "typo.yaml", "-o", tmp_path / "a.json")
    assert "frames: 'three'; must be a whole number" in refused(
        "sample", tmp_path / "type.yaml", "-o", tmp_path / "a.json"
    )
    (tmp_path / "good.yaml").write_text(text)
    line = refused("sample", tmp_path / "good.yaml", "--scenario-seed", 1, "-o", tmp_path / "a.json")
    assert "--scenario-seed: 1" in line
