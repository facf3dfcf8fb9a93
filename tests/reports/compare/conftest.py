"""What the tests of comparisons share."""

from __future__ import annotations

import pytest

from tests.reports.cells import Row
from tests.reports.compare.two_solvers import two_solvers


@pytest.fixture
def cells() -> list[Row]:
    """:func:`~tests.reports.compare.two_solvers.two_solvers`, to be changed at will."""
    return two_solvers()
