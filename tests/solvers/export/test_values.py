"""An answer column by column becomes a solution."""

from __future__ import annotations

import numpy as np
import pytest

from problems.io.errors import InputError
from problems.judge import judge
from solvers.export.values import solution_of
from solvers.programme.formulation import formulate
from tests.cases import as_instance, random_document, sampled
from tests.solvers.support import solve


@pytest.mark.parametrize("deadline", [False, True])
def test_columns_that_are_nearly_right_are_the_solution_and_zeros_may_be_left_out(deadline: bool) -> None:
    instance = as_instance(random_document(2, shape=(2, 2, 3), deadline=deadline))
    solution, formulation = solve("exhaustive", instance), formulate(instance)
    pairs = zip(formulation.programme.names, formulation.point(solution), strict=True)
    values = {name: value * (1 + 1e-10) for name, value in pairs if value != 0}
    found = solution_of(instance, values | {"something else": 3.0}, "another")
    assert (found.cache == solution.cache).all()
    assert (found.steps == solution.steps).all()
    assert np.asarray(found.bandwidth) == pytest.approx(np.asarray(solution.bandwidth), rel=1e-9)
    assert judge(instance, found).violations == ()
    assert (found.solver, found.instance_sha256) == ("another", instance.sha256)
    assert found.objective == pytest.approx(judge(instance, solution).cost, rel=1e-9)


def test_refuses_values_of_something_else() -> None:
    with pytest.raises(InputError, match="must be columns of this instance's programme"):
        solution_of(sampled("tiny"), {"x": 1.0}, "another")
