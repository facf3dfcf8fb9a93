"""The command line as a user meets it: in a process of its own, with its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from problems.families.drawn import family_scenario
from problems.families.fitted import shipped_families
from problems.instance import write_instance
from problems.judge import judge
from problems.scenario import scenario_yaml
from problems.solution import read_solution
from t2bench.cli.main import main
from tests import independent
from tests.benchmarks.hostile import cloud
from tests.cases import edited, random_document, sampled
from tests.places import BURNERS


def t2bench(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "t2bench.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def refused(*arguments: object) -> str:
    """The one line that a bad input gets."""
    done = t2bench(*arguments)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def written(path: Path, document: dict[str, Any]) -> Path:
    path.write_text(json.dumps(document))
    return path


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An instance and its optimal solution, made by the commands of the README."""
    folder = tmp_path_factory.mktemp("solved")
    instance, solution = folder / "a.json", folder / "s.json"
    made = t2bench("sample", "small", "--scenario-seed", 1, "--trace-seed", 2, "-o", instance)
    assert (made.returncode, made.stderr) == (0, "")
    done = t2bench("solve", instance, "--solver", "exhaustive", "-o", solution)
    assert done.returncode == 0, done
    return instance, solution


def test_sample_solve_verify_agree_with_an_independent_enumeration(solved: tuple[Path, Path]) -> None:
    instance, solution = solved
    verified = t2bench("verify", instance, solution)
    verdict = json.loads(verified.stdout)
    claimed = json.loads(solution.read_text())
    assert verified.returncode == 0
    assert verdict["feasible"]
    assert verdict["violations"] == []
    assert claimed["objective"] == pytest.approx(verdict["cost"], rel=1e-9)
    assert claimed["status"] == "optimal"
    assert verdict["cost"] == pytest.approx(independent.optimum(json.loads(instance.read_text())).cost, rel=1e-7)


def test_instances_made_elsewhere_are_solved_and_verified(tmp_path: Path) -> None:
    document = random_document(5, deadline=False, forced_edge=True)
    instance = written(tmp_path / "elsewhere.json", document)
    assert t2bench("solve", instance, "--solver", "exhaustive", "-o", tmp_path / "s.json").returncode == 0
    verified = t2bench("verify", instance, tmp_path / "s.json", "--reference", tmp_path / "s.json")
    verdict = json.loads(verified.stdout)
    assert verified.returncode == 0
    assert verdict["cost"] == pytest.approx(independent.optimum(document).cost, rel=1e-7)
    assert verdict["gap"] == 0.0
    assert verdict["reference_claims_optimal"]
    assert verdict["captured_gain"] == 1.0


def test_limits_end_a_solve_with_its_best_answer_and_a_settled_exit_code(
    solved: tuple[Path, Path], tmp_path: Path
) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text(
        "import time\nfrom dataclasses import dataclass\nfrom solvers.base import Capabilities, Solver\n\n\n"
        "@dataclass(frozen=True)\nclass Slow(Solver):\n    capabilities = Capabilities('hindsight')\n\n"
        "    def solve(self, instance, budget, report):\n        time.sleep(60)\n"
    )
    done = t2bench("solve", solved[0], "--solver", f"{slow}:Slow", "--time-limit", 1, "-o", tmp_path / "s.json")
    assert done.returncode == 1
    assert "timeout" in done.stderr
    assert not (tmp_path / "s.json").exists()


def test_a_seed_makes_random_solvers_repeatable(solved: tuple[Path, Path], tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        done = t2bench("solve", solved[0], "--solver", "random+equal", "--seed", seed, "-o", tmp_path / name)
        assert done.returncode == 0
    first, again, other = ((tmp_path / name).read_bytes() for name in "abc")
    assert first == again
    assert first != other


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


def test_a_request_log_becomes_an_instance(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("frame,slot,user,model\n0,0,0,m1\n1,1,1,m0\n")
    assert t2bench("sample", "tiny", "--requests", log, "-o", tmp_path / "a.json").returncode == 0
    assert json.loads((tmp_path / "a.json").read_text())["trace"]["request"][1] == [[-1, -1], [-1, 0]]


SMALL = sampled("tiny").document


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (edited(SMALL, ["models", 1, "size_gb"], -3.0), "models[1].size_gb: -3.0; must be > 0"),
        (
            edited(SMALL, ["demand", "ranking", 0], [0, 0, 2]),
            "demand.ranking[0]: [0, 0, 2]; must be a permutation of 0..2",
        ),
        (
            edited(SMALL, ["demand", "transition", 1], [0.5, 0.2, 0.2]),
            "demand.transition: row 1 sums to 0.9; must sum to 1",
        ),
        (
            edited(edited(SMALL, ["system", "forced_edge"], True), ["system", "step_budget"], 1),
            "system.step_budget: 1; must be >= 2",
        ),
        (edited(SMALL, ["trace", "gain"], [[1.0]]), "trace.gain: array of shape [1, 1]; must be [3, 2, 2]"),
        (edited(SMALL, ["trace", "request", 0, 0, 0], 3), "trace.request[0][0][0]: 3; must be -1..2"),
        (edited(SMALL, ["system", "latency_weight"], 1.5), "system.latency_weight: 1.5; must be <= 1"),
        (edited(SMALL, ["system", "cache_gbb"], 8.0), "system.cache_gbb: not a known field; must be one of cache_gb, "),
    ],
)
def test_bad_instances_get_one_line(tmp_path: Path, document: dict[str, Any], words: str) -> None:
    path = written(tmp_path / "bad.json", document)
    line = refused("solve", path, "--solver", "none", "-o", tmp_path / "s.json")
    assert str(path) in line
    assert words in line
    assert not (tmp_path / "s.json").exists()


def test_unreadable_files_get_one_line(tmp_path: Path, solved: tuple[Path, Path]) -> None:
    text = solved[0].read_text()
    (tmp_path / "cut.json").write_text(text[: len(text) // 2])
    (tmp_path / "nan.json").write_text(text.replace('"cache_gb": ', '"cache_gb": NaN, "x": ', 1))
    (tmp_path / "twice.json").write_text(text.replace('"cache_gb": ', '"cache_gb": 99.0, "cache_gb": ', 1))
    assert "no such file" in refused("verify", tmp_path / "none.json", solved[1])
    assert "not valid JSON" in refused("verify", tmp_path / "cut.json", solved[1])
    assert "NaN" in refused("verify", tmp_path / "nan.json", solved[1])
    assert "twice.json: cache_gb: stands twice in one object" in refused("verify", tmp_path / "twice.json", solved[1])
    assert "no such file" in refused("verify", solved[0], tmp_path / "none.json")


def test_unknown_names_get_one_line_with_the_nearest(tmp_path: Path, solved: tuple[Path, Path]) -> None:
    out = ("-o", tmp_path / "s.json")
    assert "did you mean 'exhaustive'?" in refused("solve", solved[0], "--solver", "exhaustve", *out)
    assert "did you mean 'small'?" in refused("sample", "smal", *out)
    assert "setting speed: unknown" in refused("solve", solved[0], "--solver", "exhaustive", "--set", "speed=1", *out)
    assert "must be key=value" in refused("solve", solved[0], "--solver", "exhaustive", "--set", "speed", *out)
    assert "--time-limit" in refused("solve", solved[0], "--solver", "none", "--time-limit", "soon", *out)
    assert "invalid choice" in refused("dance")


def test_unwritable_outputs_get_one_line(tmp_path: Path, solved: tuple[Path, Path]) -> None:
    nowhere = tmp_path / "none" / "s.json"
    assert "cannot be written: no such file or directory" in refused("sample", "tiny", "-o", nowhere)
    assert "cannot be written" in refused("solve", solved[0], "--solver", "none", "-o", nowhere)
    assert "suffix '.txt'; must be .json, .json.gz or .npz" in refused("sample", "tiny", "-o", tmp_path / "a.txt")


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


def spoil(solution: dict[str, Any], instance: dict[str, Any], how: str) -> dict[str, Any]:
    """The solution with one rule broken."""
    first = instance["trace"]["request"][0][0]
    if how == "cache.capacity":
        return edited(solution, ["cache", 0], [1] * len(instance["models"]))
    if how == "bandwidth.sum":
        return edited(solution, ["bandwidth", 0, 0], [0.5] * len(first))
    if how == "steps.fractional":
        return edited(solution, ["steps", 0, 0, 0], 1.5)
    if how == "steps.missing":
        return {key: value for key, value in solution.items() if key != "steps"}
    if how == "steps.uncached":
        emptied = edited(solution, ["cache", 0], [0] * len(instance["models"]))
        return edited(emptied, ["steps", 0, 0, 0], 20)
    if how == "claim.objective":
        return edited(solution, ["objective"], solution["objective"] * (1 - 1e-6))
    if how == "claim.instance":
        return edited(solution, ["instance_sha256"], "0" * 64)
    if how == "claim.status":
        return edited(solution, ["lower_bound"], None)
    assert how == "claim.status: infeasible"
    return edited(solution, ["status"], "infeasible")


BROKEN = ("cache.capacity", "bandwidth.sum", "steps.fractional", "steps.missing", "steps.uncached")
FALSE = ("claim.objective", "claim.instance", "claim.status", "claim.status: infeasible")


@pytest.mark.parametrize("rule", [*BROKEN, *FALSE])
def test_a_spoiled_solution_is_not_verified(tmp_path: Path, solved: tuple[Path, Path], rule: str) -> None:
    instance, solution = (json.loads(path.read_text()) for path in solved)
    path = written(tmp_path / "spoiled.json", spoil(solution, instance, rule))
    done = t2bench("verify", solved[0], path)
    verdict = json.loads(done.stdout)
    assert done.returncode == 1
    assert done.stderr == ""
    assert rule.split(":")[0] in [violation["rule"] for violation in verdict["violations"]]
    assert rule in BROKEN or not verdict["as_claimed"]
    assert all(violation["message"] and violation["place"] for violation in verdict["violations"])


def test_a_solution_that_is_no_solution_is_unreadable(tmp_path: Path, solved: tuple[Path, Path]) -> None:
    solution = json.loads(solved[1].read_text())
    wide = written(tmp_path / "wide.json", edited(solution, ["steps", 0, 0], [0] * 9))
    assert "steps[0][0]: 9 entries; must be a list of 4" in refused("verify", solved[0], wide)
    other = written(tmp_path / "other.json", edited(solution, ["format"], "something"))
    assert "format: 'something'; must be 't2bench-solution'" in refused("verify", solved[0], other)


def test_a_reference_for_another_instance_is_refused_and_a_heuristic_one_is_marked(
    tmp_path: Path, solved: tuple[Path, Path]
) -> None:
    other, heuristic = tmp_path / "b.json", tmp_path / "l.json"
    assert t2bench("sample", "small", "--scenario-seed", 1, "--trace-seed", 3, "-o", other).returncode == 0
    assert t2bench("solve", other, "--solver", "lru", "-o", heuristic).returncode == 0
    line = refused("verify", solved[0], solved[1], "--reference", heuristic)
    assert "made for another instance" in line
    verdict = json.loads(t2bench("verify", other, heuristic, "--reference", heuristic).stdout)
    assert not verdict["reference_claims_optimal"]


def test_it_says_its_version() -> None:
    assert t2bench("--version").stdout.startswith("t2bench 0.")


def test_solve_takes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instance = sampled("tiny")
    write_instance(instance, tmp_path / "a.json")
    words = ["solve", str(tmp_path / "a.json"), "--solver", f"{BURNERS}:Burns", "--cpu-limit", "0.7"]
    assert main([*words, "-o", str(tmp_path / "s.json")]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "timeout"
    assert read_solution(tmp_path / "s.json", instance).objective == judge(instance, cloud(instance)).cost


@pytest.mark.parametrize(
    ("option", "value", "allowed"),
    [
        ("--cpu-limit", "0", "must be a number > 0 and <= 1000000000"),
        ("--cpu-limit", "2e9", "must be a number > 0 and <= 1000000000"),
        ("--cpu-limit", "soon", "must be a number > 0 and <= 1000000000"),
        ("--memory-limit", "1e30", "must be a number > 0 and <= 1000000"),
        ("--time-limit", "inf", "must be a number > 0"),
        ("--time-limit", "nan", "must be a number > 0"),
    ],
)
def test_solve_refuses_what_is_no_limit(
    capsys: pytest.CaptureFixture[str], option: str, value: str, allowed: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["solve", "a.json", "--solver", "none", option, value, "-o", "s.json"])
    assert ended.value.code == 2
    assert (
        capsys.readouterr().err.splitlines()[-1].startswith(f"t2bench solve: argument {option}: {value}; {allowed} (")
    )
