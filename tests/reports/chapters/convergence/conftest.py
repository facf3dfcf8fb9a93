"""What the tests of the chapter share."""

from __future__ import annotations

import pytest

from tests.reports.cells import Row
from tests.reports.chapters.convergence.trainings import sharing_agents


@pytest.fixture
def trained() -> list[Row]:
    """:func:`~tests.reports.chapters.convergence.trainings.sharing_agents`, to be changed at will."""
    return sharing_agents()
