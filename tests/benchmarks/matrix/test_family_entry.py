"""A family in sizes and with changes: every combination once, under the names that a solver may be tried on."""

from __future__ import annotations

from benchmarks.matrix.file import read_matrix
from tests.benchmarks.runs import Write


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
