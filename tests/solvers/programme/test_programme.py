"""A programme collected in blocks is the matrix, the box and the objective that were meant."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from solvers.programme.programme import AirRows, Builder, Programme


def small() -> Programme:
    """Maximise 3 x0 + x1 + 2 y over x in {0, 1}^2 and 0 <= y <= 4, with x0 + x1 <= 1 and y = 2 x0 + x1."""
    builder = Builder()
    x = builder.columns("x", ["0", "1"], np.array([-3.0, -1.0]), 0.0, 1.0, integer=True)
    y = builder.columns("y", ["0"], -2.0, 0.0, 4.0)
    builder.add(np.ones(1), (np.zeros(2, dtype=int), x, 1.0))
    builder.add(
        np.zeros(1), (np.zeros(1, dtype=int), y, 1.0), (np.zeros(2, dtype=int), x, np.array([-2.0, -1.0])), equal=True
    )
    return builder.programme(10.0, AirRows.none())


def test_blocks_become_columns_rows_and_names() -> None:
    programme = small()
    assert programme.names == ("x_0", "x_1", "y_0")
    assert programme.cost.tolist() == [-3.0, -1.0, -2.0]
    assert programme.integer.tolist() == [True, True, False]
    assert programme.matrix.toarray().tolist() == [[1.0, 1.0, 0.0], [-2.0, -1.0, 1.0]]
    assert programme.limit.tolist() == [1.0, 0.0]
    assert programme.equal.tolist() == [False, True]
    assert (programme.lower.tolist(), programme.upper.tolist()) == ([0.0, 0.0, 0.0], [1.0, 1.0, 4.0])
    assert len(programme.air) == 0


def test_a_block_knows_its_columns_and_their_least_values() -> None:
    builder = Builder()
    builder.columns("a", ["0", "1"], 0.0, np.array([1.0, 2.0]), 9.0)
    second = builder.columns("b", ["0"], 0.0, -5.0, 9.0)
    assert (second.tolist(), builder.blocks["a"].tolist()) == ([2], [0, 1])
    assert builder.least("a").tolist() == [1.0, 2.0]
    assert builder.least("b").tolist() == [-5.0]


@pytest.mark.parametrize(
    ("point", "value", "broken"),
    [
        ([1.0, 0.0, 2.0], 3.0, 0.0),
        ([0.0, 0.0, 0.0], 10.0, 0.0),
        ([1.0, 1.0, 3.0], 0.0, 1.0),  # both
        ([1.0, 0.0, 1.5], 4.0, 0.5),  # an equality missed from below
        ([0.0, 0.0, 4.25], 1.5, 4.25),
        ([-0.25, 0.0, -0.5], 11.75, 0.5),  # beyond the box
    ],
)
def test_the_objective_and_how_far_a_point_is_out(point: list[float], value: float, broken: float) -> None:
    programme = small()
    assert programme.value(np.array(point)) == pytest.approx(value)
    assert programme.broken(np.array(point)) == pytest.approx(broken)


def test_a_point_strictly_inside_is_out_by_less_than_nothing() -> None:
    programme = small().with_rows(csr_matrix([[0.0, 0.0, 1.0]]), np.array([3.0]))
    inside = np.array([0.25, 0.25, 0.75])
    assert programme.broken(inside) == 0.0  # an equality holds exactly
    assert programme.with_rows(csr_matrix([[0.0, 0.0, 1.0]]), np.array([0.5])).broken(inside) == pytest.approx(0.25)


def test_scaling_is_of_the_objective_alone() -> None:
    programme, x = small(), np.array([1.0, 0.0, 2.0])
    assert programme.scaled(0.5).value(x) == pytest.approx(0.5 * programme.value(x))
    assert programme.scaled(0.5).broken(x) == programme.broken(x)
