"""What the tests of reports share."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from reports.report import write_report
from reports.study.study import Study, read_study
from tests.reports.cells import busy_cells
from tests.reports.everything import everything
from tests.reports.records import Record, answered, record


@pytest.fixture(scope="session")
def busy() -> pd.DataFrame:
    """The cells of :func:`tests.reports.cells.busy_cells`, made once; whoever changes them takes a copy."""
    return busy_cells()


@pytest.fixture(scope="session")
def full_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the report on :func:`tests.reports.everything.everything`, written once, to be read only."""
    return write_report(record(everything()), tmp_path_factory.mktemp("full") / "made" / "on the way").parent


@pytest.fixture(scope="session")
def answered_store() -> Record:
    """Real answers on four instances, to be read only."""
    return answered(("tiny", "small"))


@pytest.fixture(scope="session")
def answered_study(answered_store: Record) -> Study:
    """The study of :func:`answered_store`."""
    return read_study(answered_store)
