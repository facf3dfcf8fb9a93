"""What the tests of the chapter share."""

from __future__ import annotations

import pytest

from tests.reports.cells import Row
from tests.reports.chapters.demand.gains import turning


@pytest.fixture
def rows() -> list[Row]:
    """:func:`~tests.reports.chapters.demand.gains.turning`, to be changed at will."""
    return turning()
