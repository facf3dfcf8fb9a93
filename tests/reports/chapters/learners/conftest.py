"""What the tests of the chapter share."""

from __future__ import annotations

import pytest

from tests.reports.cells import Row
from tests.reports.chapters.learners.trainings import learners_and_others


@pytest.fixture
def trained() -> list[Row]:
    """:func:`~tests.reports.chapters.learners.trainings.learners_and_others`, to be changed at will."""
    return learners_and_others()
