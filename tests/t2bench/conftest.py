"""What the tests of the face share: one small study."""

from __future__ import annotations

import pytest

import t2bench
from tests.t2bench.studies import MATRIX


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> t2bench.Store:
    """The store of a study that was run from Python: three solvers on two traces of ``tiny``."""
    return t2bench.run(MATRIX, tmp_path_factory.mktemp("study") / "study.sqlite", jobs=2)
