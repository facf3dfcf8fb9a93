"""A matrix file is either a matrix or one line that says what is wrong with it; the shipped ones are right."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.matrix.file import load_matrix, read_matrix, shipped_matrices
from problems.families.drawn import FAMILIES
from problems.families.named import family_scenario
from problems.io.errors import InputError
from problems.scenario import scenario_yaml
from solvers.registry import composite, make_solver, part_names
from t2bench.cli.main import main
from tests.benchmarks.runs import Write
from tests.cases import sampled
from tests.places import HOSTILE


def test_learners_are_judged_by_several_seeds_and_all_others_once() -> None:
    pytest.importorskip("torch")
    matrix = load_matrix("learners")
    learners = {entry.title for entry in matrix.solvers if make_solver(entry.name).capabilities.needs_training}
    cells = Counter((cell.label, cell.instance_sha256) for cell in matrix.cells())
    assert {number for (label, _), number in cells.items() if label in learners} == {3, 5}
    assert {number for (label, _), number in cells.items() if label not in learners} == {1}


def test_scenario_files_and_solver_files_are_found_beside_the_matrix(write: Write, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(scenario_yaml(family_scenario("small", 3)))
    (tmp_path / "mine.py").write_text(HOSTILE.read_text())
    path = write(families=["mine.yaml"], scenario_seeds="0-4", solvers=["mine.py:Polite"])
    (cell,) = read_matrix(path).cells()
    assert cell.instance_sha256 == sampled("small", 3).sha256
    assert cell.solver == f"{tmp_path / 'mine.py'}:Polite"
    assert cell.label == "mine.py:Polite"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"format": "absent"}, "format: missing; must be 't2bench-matrix'"),
        ({"version": 2}, "version: 2; must be 1"),
        ({"solver": []}, "solver: not a known field"),
        ({"name": "absent"}, "name: missing; required"),
        ({"name": "../x"}, "name: '../x'"),
        ({"solvers": []}, "solvers: []; needs at least 1 entries"),
        ({"solvers": "none"}, "solvers: 'none'; must be a list"),
        ({"solvers": ["exhuastive"]}, "did you mean 'exhaustive'?"),
        ({"solvers": ["none", "equal"]}, "solvers[1]: solver: 'equal' is an allocation strategy"),
        (
            {"solvers": [{"name": "none+equal", "settings": {"depth": 3}}]},
            "solvers[0].settings.depth: unknown; it has no settings",
        ),
        ({"solvers": [{"name": "none+equal", "setings": {}}]}, "solvers[0].setings: not a known field"),
        ({"solvers": ["none+equal", "none+equal"]}, "solvers[1]: 'none+equal' stands twice"),
        ({"solvers": [{"name": "none+equal", "families": ["paper"]}]}, "solvers[0].families: 'paper'; must be among"),
        (
            {"families": ["tiny", "smal"]},
            "families[1]: family: 'smal'; did you mean 'small'? must be one of tiny, small,",
        ),
        (
            {"solvers": [{"name": "none+genetic", "settings": {"population": 1.5}}]},
            "solvers[0].settings.population: 1.5;",
        ),
        ({"families": ["absent.yaml"]}, "families[0]: "),
        ({"families": ["absent.yaml"]}, "absent.yaml: cannot be read"),
        ({"families": ["tiny", "tiny"]}, "families[1]: 'tiny' stands twice"),
        ({"families": [3]}, "families[0]: 3; must be the name of a family or a mapping with family and sizes"),
        ({"families": [{"models": 3}]}, "families[0].family: missing; required"),
        ({"families": [{"family": "tiny", "model": 3}]}, "families[0].model: not a known field"),
        (
            {"families": [{"family": "tinny", "models": 3}]},
            "families[0]: family: 'tinny'; did you mean 'tiny'? must be one of tiny,",
        ),
        ({"families": ["tiny", {"family": "tiny", "models": 0}]}, "families[1]: models: 0; must be from 1 to 100000"),
        ({"families": [{"family": "tiny", "slots": [2, 2.5]}]}, "families[0].slots[1]: 2.5; must be a whole number"),
        ({"families": [{"family": "tiny", "users": "2-5"}]}, "families[0].users: '2-5'; must be a whole number or"),
        ({"families": [{"family": "tiny", "frames": []}]}, "families[0].frames: []; needs at least 1 entries"),
        ({"families": [{"family": "tiny", "models": [2, 4, 2]}]}, "families[0]: 'tiny-m2-n2-k2-t3' stands twice"),
        ({"families": [{"family": "a.yaml", "models": 2}]}, "a.yaml: sizes of models; a scenario file states its own"),
        ({"families": [{"family": "a.yaml", "cache": 2}]}, "a.yaml: factors of cache; a scenario file states its own"),
        ({"families": [{"family": "tiny", "cache": [1, "x"]}]}, "families[0].cache[1]: 'x'; must be a number"),
        ({"families": [{"family": "tiny", "skew": "x2"}]}, "families[0].skew: 'x2'; must be a number or a list of"),
        ({"families": [{"family": "tiny", "skew": -1}]}, "families[0]: skew: -1.0; must be a number from 0 to 1000"),
        (
            {"families": [{"family": "tiny", "latency": 3}]},
            "'tiny-latency-x3'; system.latency_weight: 1.5; must be <= 1",
        ),
        ({"trace_seeds": "4-2"}, "trace_seeds: '4-2'; a range must go up"),
        ({"trace_seeds": "a-b"}, "trace_seeds: 'a-b'; must be a list of whole numbers >= 0 or text such as '0-4'"),
        ({"trace_seeds": [0, -1]}, "trace_seeds[1]: -1; must be >= 0"),
        ({"seed": 2**63}, "seed: 9223372036854775808; must be <= 4611686018427387904"),
        ({"trace_seeds": [0.5]}, "trace_seeds[0]: 0.5; must be a whole number"),
        ({"scenario_seeds": 3.5}, "scenario_seeds: 3.5; must be a list"),
        ({"repetitions": 0}, "repetitions: 0; must be >= 1"),
        ({"solvers": [{"name": "none", "repetitions": 0}]}, "solvers[0].repetitions: 0; must be >= 1"),
        ({"solvers": [{"name": "none", "repetitions": 2.5}]}, "solvers[0].repetitions: 2.5; must be a whole number"),
        ({"time_limit_s": 0}, "time_limit_s: 0; must be > 0"),
        ({"solvers": [{"name": "none", "time_limit_s": -1}]}, "solvers[0].time_limit_s: -1; must be > 0"),
        ({"purpose": 3}, "purpose: 3; must be text"),
        ({"time_limit_s": "1 min"}, "time_limit_s: '1 min'; must be a number"),
        ({"memory_limit_gb": 1e30}, "memory_limit_gb: 1e+30; must be <= 1000000"),
        ({"solvers": [{"name": "none", "memory_limit_gb": 1e30}]}, "solvers[0].memory_limit_gb: 1e+30; must be <="),
        ({"cpu_limit_s": 0}, "cpu_limit_s: 0; must be > 0"),
        ({"cpu_limit_s": "1 min"}, "cpu_limit_s: '1 min'; must be a number"),
        ({"solvers": [{"name": "none", "cpu_limit_s": 1e30}]}, "solvers[0].cpu_limit_s: 1e+30; must be <= 1000000000"),
        ({"memory_limit_gb": float("nan")}, "memory_limit_gb: nan; must be a finite number"),
        ({"seed": True}, "seed: True; must be a whole number"),
    ],
)
def test_a_bad_matrix_is_one_line(write: Write, fields: dict[str, Any], words: str) -> None:
    path = write(**fields)
    with pytest.raises(InputError) as caught:
        read_matrix(path)
    line = re.fullmatch(rf"{re.escape(str(path))}:\d+: (.*)", str(caught.value))
    assert line is not None
    assert words in line[1]


def test_a_complaint_points_at_the_line(tmp_path: Path) -> None:
    text = """\
# Three lines of entries, and mistakes further down.
format: t2bench-matrix
version: 1
name: trial
families:
  - tiny
  - family: small
    users: [3, 4]
  - mine.yaml
solvers:
  - none
  - name: none+genetic
    label: genes
    settings:
      population: 8
"""
    scenario = scenario_yaml(family_scenario("tiny", 0))
    path = tmp_path / "trial.yaml"

    def complaint(old: str, new: str, of_scenario: bool = False) -> str:
        assert old in (scenario if of_scenario else text)
        path.write_text(text if of_scenario else text.replace(old, new))
        (tmp_path / "mine.yaml").write_text(scenario.replace(old, new) if of_scenario else scenario)
        with pytest.raises(InputError) as caught:
            read_matrix(path)
        return str(caught.value).replace(f"{tmp_path}/", "")

    assert complaint("version: 1", "version: 2") == "trial.yaml:3: version: 2; must be 1"
    assert complaint("[3, 4]", "[3, 0]").startswith("trial.yaml:7: families[1]: users: 0; must be from 1 to")
    assert complaint("[3, 4]", "[3, x]") == "trial.yaml:8: families[1].users[1]: 'x'; must be a whole number"
    assert complaint("- none\n", "- nune\n").startswith("trial.yaml:11: solvers[0]: solver: 'nune'; ")
    assert complaint("population", "poplation").startswith("trial.yaml:15: solvers[1].settings.poplation: unknown; ")
    assert complaint("label", "lable") == "trial.yaml:13: solvers[1].lable: not a known field"
    assert complaint("  - name:", "  name:").startswith("trial.yaml:12: not valid YAML: ")
    line = next(i for i, line in enumerate(scenario.splitlines(), 1) if line.startswith("users:"))
    assert complaint("users: 2", "users: 0", of_scenario=True) == (
        f"trial.yaml:9: families[2]: mine.yaml:{line}: users: 0; must be >= 1"
    )


def test_names_that_are_no_matrix() -> None:
    with pytest.raises(InputError, match=r"matrix: 'quik'; did you mean 'quick'\? must be a YAML file or one of "):
        load_matrix("quik")
    with pytest.raises(InputError, match=r"no\.yaml: cannot be read: no such file"):
        load_matrix("no.yaml")


@pytest.mark.parametrize("name", shipped_matrices())
def test_shipped_matrices_are_right(name: str) -> None:
    matrix = load_matrix(name)
    assert matrix.name == name
    assert 20 < len(matrix.purpose) <= 100
    assert matrix.recipes()


def test_the_matrices_that_are_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    known = {"quick", "paper", "ladder", "learners", "scaling", "deadline", "metro", "full", "references"}
    known |= {"paper-figures"}
    assert known <= set(shipped_matrices())
    with pytest.raises(SystemExit) as ended:
        main(["run", "--list"])
    assert ended.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == shipped_matrices()
    assert [line.split(maxsplit=1)[1] for line in lines] == [load_matrix(name).purpose for name in shipped_matrices()]


def test_full_has_every_family_that_is_drawn_and_every_kind_of_solver() -> None:
    matrix = load_matrix("full")
    assert set(matrix.sources) == set(FAMILIES)
    names = {part for entry in matrix.solvers for part in (composite(entry.name) or (entry.name,))}
    kept_for_others = {"t2drl-paper", "generalist", "td3", "sac"}
    assert set(part_names()) - kept_for_others - names <= {"exact", "slsqp", "convex", "ddpg", "d3pg"}


def test_a_file_comes_before_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    os.rename(write(), tmp_path / "plain")
    monkeypatch.chdir(tmp_path)
    assert load_matrix("plain").name == "trial"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("lru+mine.py:Mine", "lru+mine.py:Mine"),
        ("mine.py:First+equal", "mine.py:First+equal"),
        ("mine.py:First+mine.py:Mine", "mine.py:First+mine.py:Mine"),
    ],
)
def test_pairs_with_parts_from_files_are_found_beside_the_matrix(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, label: str
) -> None:
    (tmp_path / "mine.py").write_text(
        "from dataclasses import dataclass\n"
        "from solvers.allocation.equal import EqualAllocation\nfrom solvers.caching.lru import LeastRecentlyUsed\n\n\n"
        "@dataclass(frozen=True)\nclass First(LeastRecentlyUsed):\n    pass\n\n\n"
        "@dataclass(frozen=True)\nclass Mine(EqualAllocation):\n    pass\n"
    )
    path = write(solvers=[name])
    monkeypatch.chdir("/")
    cell = read_matrix(path).cells()[0]
    assert cell.label == label
    assert cell.solver == name.replace("mine.py", str(path.parent / "mine.py"))


def test_chain_lengths_are_compared_on_the_plain_family_alone() -> None:
    pytest.importorskip("torch")
    matrix = load_matrix("paper-figures")
    chains = [entry for entry in matrix.solvers if "chain" in entry.settings]
    assert [entry.settings["chain"] for entry in chains] == [1, 2, 5, 10]
    for entry in chains:
        assert [source for source in matrix.sources if entry.takes(source)] == ["paper"]
