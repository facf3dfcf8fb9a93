"""``t2bench solve`` as a user meets it: answers, exit codes, and one line for bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from problems.instance import write_instance
from problems.judge import judge
from problems.solution import read_solution
from t2bench.cli.main import main
from tests import independent
from tests.benchmarks.hostile import cloud
from tests.benchmarks.runs import write_matrix
from tests.cases import edited, sampled
from tests.places import BURNERS, ROOT
from tests.t2bench.cli.command import refused, sampled_and_solved, t2bench, written


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An instance and its optimal solution."""
    return sampled_and_solved(tmp_path_factory.mktemp("solved"))


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


def test_unwritable_outputs_get_one_line(tmp_path: Path, solved: tuple[Path, Path]) -> None:
    nowhere = tmp_path / "none" / "s.json"
    assert "cannot be written: no such file or directory" in refused("sample", "tiny", "-o", nowhere)
    assert "cannot be written" in refused("solve", solved[0], "--solver", "none", "-o", nowhere)
    assert "suffix '.txt'; must be .json, .json.gz or .npz" in refused("sample", "tiny", "-o", tmp_path / "a.txt")


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


RAISES = """\
from dataclasses import dataclass

from solvers.base import AllocationStrategy


@dataclass(frozen=True)
class Mine(AllocationStrategy):
    level: float = 1.0

    def __post_init__(self):
        if self.level < 0:
            raise KeyError("below")

    def allocate(self, slots):
        return slots.nonesuch
"""


def test_an_exception_is_a_line_with_its_place_and_all_of_it_where_wanted(
    solved: tuple[Path, Path], tmp_path: Path
) -> None:
    """What was streamed before stays the answer, and the exit code is that of the answer."""
    (tmp_path / "raising.py").write_text(RAISES)
    words = ("solve", solved[0], "--solver", "static+raising.py:Mine", "-o", "s.json")
    done = t2bench(*words, cwd=tmp_path)
    line = "AttributeError: 'Slots' object has no attribute 'nonesuch' (raising.py:15)"
    assert done.stderr == f"t2bench: static+raising.py:Mine: error: {line}\n"
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "error")
    *traceback, last = t2bench(*words, "--traceback", cwd=tmp_path).stderr.splitlines(keepends=True)
    assert last == done.stderr
    assert traceback[0] == "Traceback (most recent call last):\n"
    assert f'  File "{tmp_path / "raising.py"}", line 15, in allocate\n' in traceback


def test_a_solver_that_cannot_be_made_is_a_line_with_its_place(solved: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "unmade.py").write_text(RAISES)
    words = ("solve", solved[0], "--solver", "static+unmade.py:Mine", "--set", "level=-1", "-o", "s.json")
    line = "t2bench: static+unmade.py:Mine cannot be made: KeyError: 'below' (unmade.py:12)\n"
    assert refused(*words, cwd=tmp_path) == line
    done = t2bench(*words, "--traceback", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert done.stderr.endswith(f"KeyError: 'below'\n{line}")


WITHOUT_FORK = """
import json, os, psutil, sys  # of which psutil needs the module resource, but on Linux alone
del os.fork
sys.modules["fcntl"] = sys.modules["resource"] = None
from tests.t2bench.cli.command import t2bench
done = [t2bench(*words) for words in json.loads(sys.argv[1])]
print(json.dumps([[one.returncode, one.stdout, one.stderr] for one in done]))
"""


def test_where_nothing_can_fork_it_solves_without_limits_and_says_what_to_use_else(
    solved: tuple[Path, Path], tmp_path: Path
) -> None:
    """As on Windows, where the modules of POSIX are not there either."""
    write_matrix(tmp_path, solvers=["none"])
    solve = ["solve", str(solved[0]), "--solver", "exhaustive", "-o", "s.json"]
    refusals = [[*solve, "--time-limit", "9"], ["run", "trial.yaml"], ["check", "none"], ["references", "--rebuild"]]
    command = [sys.executable, "-c", WITHOUT_FORK, json.dumps([solve, *refusals])]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    output = subprocess.run(command, cwd=tmp_path, env=environment, check=True, stdout=subprocess.PIPE).stdout
    (code, out, _), *refused = json.loads(output)
    assert (code, json.loads(out)["status"]) == (0, "optimal")
    assert json.loads((tmp_path / "s.json").read_text())["objective"] == json.loads(solved[1].read_text())["objective"]
    for code, out, err in refused:
        assert (code, out) == (2, ""), err
        assert "cannot fork the processes" in err
        assert "WSL or a Linux container" in err
        assert err.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"trial.yaml", "s.json", "s.certificate.json"}
