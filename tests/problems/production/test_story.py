"""The text of a fitted scenario says where it comes from and reads back as the scenario."""

from __future__ import annotations

from pathlib import Path

from problems.production.assumptions import Assumptions
from problems.production.fit import fit_scenario
from problems.production.story import scenario_text
from problems.scenario import read_scenario
from tests.problems.production.logs import EXTENT, HOURS, requests_of, small_lines


def test_it_reads_back_and_tells_source_command_and_assumptions(tmp_path: Path) -> None:
    fitted = fit_scenario(requests_of(tmp_path, small_lines()), HOURS, 22.0, "mine", EXTENT)
    text = scenario_text(fitted, HOURS, 22.0, "t2bench fit-demand mine.csv")
    (tmp_path / "mine.yaml").write_text(text)
    assert read_scenario(tmp_path / "mine.yaml") == fitted.scenario
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert "#   t2bench fit-demand mine.csv" in comments
    assert any("SoCC '25" in line for line in comments)
    assert max(map(len, comments)) <= 120
    told = " ".join(line.removeprefix("#").strip() for line in comments)
    for assumption in Assumptions().lines():
        assert assumption in told
