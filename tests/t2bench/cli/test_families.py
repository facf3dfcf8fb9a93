"""``t2bench families`` and ``t2bench solvers`` print tables, JSON and scenarios."""

from __future__ import annotations

import json
from pathlib import Path

from problems.families.fitted import shipped_families
from tests.t2bench.cli.command import t2bench


def test_solvers_and_families_print_tables_and_json() -> None:
    names = {row["name"]: row for row in json.loads(t2bench("solvers", "--json").stdout)}
    assert names["exhaustive"]["exact"]
    assert names["lru"]["tier"] == "online-model-free"
    table = t2bench("solvers").stdout
    assert all(name in table for name in names)
    families = json.loads(t2bench("families", "--json").stdout)
    names = ["tiny", "small", "paper", "drift", "deadline", "metro"]
    assert [row["family"] for row in families] == [*names, *shipped_families()]


def test_a_printed_scenario_samples_the_same_instance(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(t2bench("families", "small", "--scenario-seed", 3).stdout)
    by_name, by_file = tmp_path / "a.json", tmp_path / "b.json"
    assert t2bench("sample", "small", "--scenario-seed", 3, "--trace-seed", 1, "-o", by_name).returncode == 0
    assert t2bench("sample", tmp_path / "mine.yaml", "--trace-seed", 1, "-o", by_file).returncode == 0
    assert by_name.read_bytes() == by_file.read_bytes()
