"""A matrix file is either a list of cells or one line that says what is wrong with it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.matrix.file import load_matrix, read_matrix, shipped_matrices
from problems.families.drawn import FAMILIES, family_scenario
from problems.io.errors import InputError
from problems.scenario import scenario_yaml
from solvers.registry import composite, make_solver, part_names
from t2bench.cli.main import main
from tests.cases import sampled
from tests.places import HOSTILE

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a matrix that is right except for the given fields."""

    def write(**fields: Any) -> Path:
        document = {
            "format": "t2bench-matrix",
            "version": 1,
            "name": "trial",
            "solvers": ["none+equal", "random+equal"],
            "families": ["tiny"],
        }
        document |= fields
        path = tmp_path / "trial.yaml"
        path.write_text(yaml.safe_dump({key: value for key, value in document.items() if value != "absent"}))
        return path

    return write


def test_cells_are_the_product_of_everything(write: Write) -> None:
    path = write(families=["tiny", "small"], scenario_seeds="0-1", trace_seeds=[3, 5], repetitions=2, seed=10)
    cells = read_matrix(path).cells()
    assert len(cells) == 2 * 2 * 2 * 2 * 2
    assert len({cell.cell_id for cell in cells}) == len(cells)
    assert {(cell.repetition, cell.seed) for cell in cells} == {(0, 10), (1, 11)}
    assert {cell.recipe.instance().name for cell in cells} == {
        f"{family}-s{s}-t{t}" for family in ("tiny", "small") for s in (0, 1) for t in (3, 5)
    }
    for cell in cells:
        assert cell.recipe.instance().sha256 == cell.instance_sha256
        assert (cell.time_limit_s, cell.memory_limit_gb) == (60.0, 4.0)


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("0-2", [0, 1, 2]), ("3", [3]), (3, [3]), ("0-1, 7", [0, 1, 7]), ([4, 2], [4, 2]), (" 1 - 2 ", [1, 2])],
)
def test_seeds_are_lists_or_ranges(write: Write, text: object, seeds: list[int]) -> None:
    assert list(read_matrix(write(trace_seeds=text)).trace_seeds) == seeds


def test_the_address_depends_on_what_decides_the_answer_and_on_nothing_else(write: Write) -> None:
    def address(**fields: Any) -> str:
        return read_matrix(write(solvers=["random+equal"], **fields)).cells()[0].cell_id

    same = {address(), address(name="other"), address(repetitions=3), address(cpu_limit_s=None)}
    different = {
        address(seed=1),
        address(time_limit_s=61.0),
        address(time_limit_s=None),
        address(memory_limit_gb=1.0),
        address(cpu_limit_s=60.0),
        address(trace_seeds=[1]),
    }
    assert len(same) == 1
    assert len(same | different) == 7
    labelled = write(solvers=[{"name": "random+equal", "label": "dice"}])
    assert read_matrix(labelled).cells()[0].cell_id in same


def test_a_solver_is_tried_on_its_families_only(write: Write) -> None:
    path = write(families=["tiny", "small"], solvers=["none+equal", {"name": "random+equal", "families": ["tiny"]}])
    tried = [(cell.label, cell.recipe.source) for cell in read_matrix(path).cells()]
    assert sorted(tried) == [("none+equal", "small"), ("none+equal", "tiny"), ("random+equal", "tiny")]


def test_a_solver_may_have_repetitions_of_its_own(write: Write) -> None:
    solvers: list[Any] = ["none+equal", {"name": "random+equal", "repetitions": 3}]
    cells = read_matrix(write(solvers=solvers, seed=4)).cells()
    assert [(cell.label, cell.repetition, cell.seed) for cell in cells] == [
        ("none+equal", 0, 4),
        *(("random+equal", repetition, 4 + repetition) for repetition in range(3)),
    ]
    solvers[1]["repetitions"] = 1
    cells = read_matrix(write(solvers=solvers, repetitions=2)).cells()
    assert sorted((cell.label, cell.repetition) for cell in cells) == [
        ("none+equal", 0),
        ("none+equal", 1),
        ("random+equal", 0),
    ]


def test_a_label_may_stand_for_other_settings_on_another_family(write: Write) -> None:
    def entry(families: list[str] | None, **settings: int) -> dict[str, Any]:
        named = {"name": "none+genetic", "label": "genes", "settings": settings}
        return named if families is None else {**named, "families": families}

    families = ["small", {"family": "tiny", "models": [2, 4]}]
    solvers = [entry(["tiny"], population=8), entry(["small"], population=16)]
    cells = read_matrix(write(families=families, solvers=solvers)).cells()
    assert [(cell.label, cell.recipe.source, cell.settings["population"]) for cell in cells] == [
        ("genes", "small", 16),
        ("genes", "tiny-m2-n2-k2-t3", 8),
        ("genes", "tiny-m4-n2-k2-t3", 8),
    ]
    for clash in (None, ["tiny-m4-n2-k2-t3", "small"]):
        with pytest.raises(InputError, match=r"solvers\[1\]: 'genes' stands twice"):
            read_matrix(write(families=families, solvers=[solvers[0], entry(clash, population=4)]))


def test_learners_are_judged_by_several_seeds_and_all_others_once() -> None:
    pytest.importorskip("torch")
    matrix = load_matrix("learners")
    learners = {entry.title for entry in matrix.solvers if make_solver(entry.name).capabilities.needs_training}
    cells = Counter((cell.label, cell.instance_sha256) for cell in matrix.cells())
    assert {number for (label, _), number in cells.items() if label in learners} == {3, 5}
    assert {number for (label, _), number in cells.items() if label not in learners} == {1}


def test_a_family_in_other_sizes_is_every_combination_of_them(write: Write) -> None:
    grid = {"family": "tiny", "models": [2, 4], "users": [1, 2], "slots": 1}
    cells = read_matrix(write(families=["tiny", grid], solvers=["none+equal"])).cells()
    assert [cell.recipe.source for cell in cells] == [
        "tiny",
        *(f"tiny-m{models}-n{users}-k1-t3" for models in (2, 4) for users in (1, 2)),
    ]
    instance = cells[-1].recipe.instance()
    assert (len(instance.models), instance.users, instance.slots, instance.frames) == (4, 2, 1, 3)
    assert cells[-1].command.startswith(
        "t2bench sample tiny-m4-n2-k1-t3 --scenario-seed 0 --trace-seed 0 -o tiny-m4-n2-k1-t3-s0-t0.json && "
    )


def test_an_instance_of_two_entries_is_taken_once_and_own_sizes_are_the_plain_family(write: Write) -> None:
    families = [{"family": "tiny", "models": [2, 3, 4]}, {"family": "tiny", "users": [1, 2, 3]}, "tiny"]
    cells = read_matrix(write(families=families, solvers=["none+equal"])).cells()
    own = read_matrix(write(solvers=["none+equal"])).cells()[0]
    sources = [cell.recipe.source for cell in cells]
    assert sources == ["tiny-m2-n2-k2-t3", "tiny", "tiny-m4-n2-k2-t3", "tiny-m3-n1-k2-t3", "tiny-m3-n3-k2-t3"]
    assert own.cell_id in {cell.cell_id for cell in cells}


def test_a_solver_is_tried_on_all_sizes_of_a_plain_name_or_on_one(write: Write) -> None:
    solvers = [{"name": "none+equal", "families": ["tiny-m2-n2-k2-t3"]}, {"name": "random+equal", "families": ["tiny"]}]
    families = ["small", {"family": "tiny", "models": [2, 4]}]
    cells = read_matrix(write(families=families, solvers=solvers)).cells()
    tried = [(cell.label, cell.recipe.source) for cell in cells]
    assert sorted(tried) == [
        ("none+equal", "tiny-m2-n2-k2-t3"),
        ("random+equal", "tiny-m2-n2-k2-t3"),
        ("random+equal", "tiny-m4-n2-k2-t3"),
    ]


def test_scenario_files_and_solver_files_are_found_beside_the_matrix(write: Write, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(scenario_yaml(family_scenario("small", 3)))
    (tmp_path / "mine.py").write_text(HOSTILE.read_text())
    path = write(families=["mine.yaml"], scenario_seeds="0-4", solvers=["mine.py:Polite"])
    (cell,) = read_matrix(path).cells()
    assert cell.instance_sha256 == sampled("small", 3).sha256
    assert cell.solver == f"{tmp_path / 'mine.py'}:Polite"
    assert cell.label == "mine.py:Polite"


def test_the_command_of_a_cell_names_everything(write: Write) -> None:
    solver = {"name": "tests/benchmarks/hostile.py:Exits", "settings": {"code": 4}}
    path = write(solvers=[{**solver, "name": f"{HOSTILE}:Exits"}], seed=3)
    (cell,) = read_matrix(path).cells()
    assert cell.label == "hostile.py:Exits (code=4)"
    assert cell.command.startswith("t2bench sample tiny --scenario-seed 0 --trace-seed 0 -o tiny-s0-t0.json && ")
    assert cell.command.endswith(
        ":Exits --set code=4 --time-limit 60 --memory-limit 4 --seed 3 -o tiny-s0-t0.solution.json"
    )


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
        ({"families": ["tiny", "smal"]}, "families[1]: family: 'smal'; must be one of tiny, small,"),
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
        ({"families": [{"family": "tinny", "models": 3}]}, "families[0]: family: 'tinny'; must be one of tiny,"),
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
    with pytest.raises(InputError, match=r"matrix: 'quik'; must be a YAML file or one of .*; did you mean 'quick'\?"):
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


def test_a_family_of_one_scenario_is_taken_once_whatever_the_seeds(write: Write) -> None:
    recipes = read_matrix(write(families=["production", "tiny"], scenario_seeds="0-2", trace_seeds="0-1")).recipes()
    assert [(r.source, r.scenario.scenario_seed, r.trace_seed) for r in recipes] == [
        *(("production", 0, trace) for trace in (0, 1)),
        *(("tiny", seed, trace) for seed in (0, 1, 2) for trace in (0, 1)),
    ]


def test_a_solver_may_have_limits_of_its_own(write: Write) -> None:
    slow = {"name": "random+equal", "time_limit_s": 600.0, "memory_limit_gb": 9.0, "cpu_limit_s": 1200.0}
    limits = {"time_limit_s": 5, "memory_limit_gb": None, "cpu_limit_s": 8}
    cells = read_matrix(write(solvers=["none+equal", slow], **limits)).cells()
    assert [(cell.time_limit_s, cell.memory_limit_gb, cell.cpu_limit_s) for cell in cells] == [
        (5.0, None, 8.0),
        (600.0, 9.0, 1200.0),
    ]


def test_one_solver_asked_the_same_under_two_labels_is_refused(write: Write) -> None:
    first = {"name": "random+equal", "label": "dice"}
    seconds: list[dict[str, Any]] = [{"name": "random+equal"}, {**first, "label": "coin", "time_limit_s": 60.0}]
    for second in seconds:
        path = write(solvers=["none+equal", first, second])
        line = path.read_text()[: path.read_text().rindex("\n- ")].count("\n") + 2
        with pytest.raises(InputError) as caught:
            read_matrix(path)
        assert str(caught.value) == (
            f"{path}:{line}: solvers[2]: {second.get('label', 'random+equal')!r} is 'dice' under another label; "
            "must have another solver, other settings or other limits"
        )


def test_labels_may_differ_where_the_cells_do(write: Write) -> None:
    dice = {"name": "random+equal", "label": "dice"}
    others: list[dict[str, Any]] = [{"cpu_limit_s": 30.0}, {"time_limit_s": 30.0}, {"families": ["small"]}]
    for other in others:
        first = {**dice, "families": ["tiny"]} if "families" in other else dice
        solvers = [first, {**dice, "label": "coin", **other}]
        cells = read_matrix(write(families=["tiny", "small"], solvers=solvers)).cells()
        assert {cell.label for cell in cells} == {"dice", "coin"}
        assert len(cells) == (2 if "families" in other else 4)


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


def test_a_family_with_changes_is_every_combination_of_sizes_and_factors(write: Write) -> None:
    grid = {"family": "tiny", "users": [1, 2], "cache": [0.5, 2], "steps": 2}
    cells = read_matrix(write(families=["tiny", grid], solvers=["none+equal"])).cells()
    assert [cell.recipe.source for cell in cells] == [
        "tiny",
        *(f"tiny-m3-n1-k2-t3-cache-x{factor}-steps-x2" for factor in ("0.5", "2")),
        *(f"tiny-cache-x{factor}-steps-x2" for factor in ("0.5", "2")),
    ]
    assert cells[-1].command.startswith("t2bench sample tiny-cache-x2-steps-x2 --scenario-seed 0 --trace-seed 0 -o ")


def test_a_plain_name_stands_for_all_its_changes_and_one_with_sizes_for_itself(write: Write) -> None:
    solvers = [{"name": "none+equal", "families": ["tiny-m3-n2-k2-t3"]}, {"name": "random+equal", "families": ["tiny"]}]
    families = ["tiny", {"family": "tiny", "cache": 0.5}, {"family": "tiny", "models": 2}]
    cells = read_matrix(write(families=families, solvers=solvers)).cells()
    tried = [(cell.label, cell.recipe.source) for cell in cells]
    assert sorted(tried) == [
        ("none+equal", "tiny"),
        ("random+equal", "tiny"),
        ("random+equal", "tiny-cache-x0.5"),
        ("random+equal", "tiny-m2-n2-k2-t3"),
    ]


def test_chain_lengths_are_compared_on_the_plain_family_alone() -> None:
    pytest.importorskip("torch")
    matrix = load_matrix("paper-figures")
    chains = [entry for entry in matrix.solvers if "chain" in entry.settings]
    assert [entry.settings["chain"] for entry in chains] == [1, 2, 5, 10]
    for entry in chains:
        assert [source for source in matrix.sources if entry.takes(source)] == ["paper"]
