"""``t2bench fit-demand``, and ``t2bench sample`` with a production log."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from problems.instance import read_instance
from t2bench.cli.main import main
from tests.problems.production.logs import small_lines, write_log

SIZES = ("--models", "4", "--users", "4", "--slots", "6", "--frames", "5", "--states", "2")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "loading.csv").write_text("value\n20000\n30000\n")
    return write_log(tmp_path / "log.csv", small_lines())


def fit(log: Path, *arguments: object) -> int:
    words = ["fit-demand", log, "--loading", log.with_name("loading.csv"), *SIZES, *arguments]
    return main([*map(str, words), "-o", str(log.with_name("mine.yaml"))])


def test_a_fitted_scenario_takes_the_hours_that_judge(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fit(log, "--hours", "0-29") == 0
    mine, output = str(log.with_name("mine.yaml")), log.with_name("a.json")
    account = capsys.readouterr().err
    assert account.count("\n") == 2
    assert account.startswith("log.csv: 401 rows: ")
    assert "--models 4 --users 4 --slots 6 --frames 5 --states 2 --hours 0-29 -o mine.yaml" in Path(mine).read_text()
    assert main(["sample", mine, "--requests", str(log), "--hours", "30-39", "-o", str(output)]) == 0
    assert "in other hours than 30-39" in capsys.readouterr().err
    instance = read_instance(output)
    assert (instance.family, instance.frames, instance.slots, instance.users) == ("mine", 10, 6, 4)


def test_a_fitted_scenario_is_sampled_as_any_other(log: Path) -> None:
    assert fit(log, "--hours", "0-29") == 0
    assert main(["sample", str(log.with_name("mine.yaml")), "-o", str(log.with_name("b.json"))]) == 0
    assert read_instance(log.with_name("b.json")).frames == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "the log has 40 hours; needs 504"),
        (("--hours", "0-99"), "hours: 0-99; the log has the hours 0-39"),
        (("--hours", "first"), "hours: 'first'; must be FIRST-LAST"),
        (("--hours", "0-29", "--models", "9"), "models: 9; must be from 2 to 6"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(
    log: Path, arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fit(log, *arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert words in captured.err
    assert not log.with_name("mine.yaml").exists()


def test_hours_need_a_production_log(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = log.with_name("other.csv")
    other.write_text("frame,slot,user,model\n0,0,0,0\n")
    for requests in ((), ("--requests", str(other))):
        assert main(["sample", "tiny", *requests, "--hours", "0-3", "-o", str(log.with_name("a.json"))]) == 2
        assert "--hours: 0-3; needs --requests with a GenTD26 log" in capsys.readouterr().err


def test_the_shipped_scenario_is_printed_with_its_source_and_assumptions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["families", "production"]) == 0
    text = capsys.readouterr().out
    assert "SoCC '25" in text
    assert "# - cache_share" in text
    assert yaml.safe_load(text)["family"] == "production"
    assert main(["families"]) == 0
    assert "\nproduction " in capsys.readouterr().out
