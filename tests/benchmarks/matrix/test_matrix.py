"""Solvers times instances times repetitions, as cells."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.matrix.file import read_matrix
from problems.io.errors import InputError
from tests.benchmarks.runs import Write


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
