"""Scenarios and instances from Python are those of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

import t2bench
from t2bench.cli.main import main


def test_a_scenario_has_the_sizes_and_changes_that_were_asked_for() -> None:
    plain, changed = t2bench.scenario("small", 1), t2bench.scenario("small", 1, users=6, frames=2, cache=0.5)
    assert (changed.family, changed.users, changed.frames) == ("small-m6-n6-k4-t2-cache-x0.5", 6, 2)
    assert (plain.family, plain.scenario_seed) == ("small", 1)
    assert t2bench.scenario("small-cache-x0.5", 1) == t2bench.scenario("small", 1, cache=0.5)


def test_a_sampled_instance_is_the_one_of_the_command(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert main(["sample", "tiny", "--scenario-seed", "1", "--trace-seed", "2", "-o", str(path)]) == 0
    assert t2bench.read_instance(path).sha256 == t2bench.sample(t2bench.scenario("tiny", 1), 2).sha256


def test_a_family_stands_for_its_first_scenario() -> None:
    assert t2bench.sample("tiny", 3).sha256 == t2bench.sample(t2bench.scenario("tiny"), 3).sha256


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    scenario = t2bench.scenario("tiny", 1)
    t2bench.write_scenario(scenario, tmp_path / "s.yaml")
    assert t2bench.read_scenario(str(tmp_path / "s.yaml")) == scenario
    instance = t2bench.sample(scenario)
    t2bench.write_instance(instance, tmp_path / "i.npz")
    assert t2bench.read_instance(tmp_path / "i.npz").sha256 == instance.sha256
    solution = t2bench.solve(instance, "lru").solution
    assert solution is not None
    t2bench.write_solution(solution, str(tmp_path / "s.json"))
    found = t2bench.read_solution(tmp_path / "s.json", instance)
    assert (found.solver, t2bench.judge(instance, found).cost) == ("lru", solution.objective)


def test_a_log_gives_the_requests(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("frame,slot,user,model\n0,0,0,m0\n1,1,1,m2\n")
    instance = t2bench.sample("tiny", requests=log)
    assert instance.trace.request.tolist() == [[[0, -1], [-1, -1]], [[-1, -1], [-1, 2]]]


def test_families_are_listed_with_their_sizes() -> None:
    families = t2bench.families().set_index("family")
    assert families.loc["tiny", ["models", "users", "slots", "frames"]].tolist() == [3, 2, 2, 3]
    assert families["purpose"].str.len().min() > 10


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (lambda: t2bench.scenario("smal"), "family: 'smal'"),
        (lambda: t2bench.scenario("small", users=0), "users: 0; must be from 1 to"),
        (lambda: t2bench.scenario("small", cache=-1), "cache: -1; must be a number from 0"),
        (lambda: t2bench.sample("small", -1), "seed: -1; must be >= 0"),
        (lambda: t2bench.read_instance("missing.json"), "missing.json: cannot be read"),
    ],
)
def test_bad_input_is_one_line(asked, line: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(t2bench.InputError) as caught:
        asked()
    assert str(caught.value).startswith(line)
    assert len(str(caught.value).splitlines()) == 1
