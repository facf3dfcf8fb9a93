"""The mean loading time of a log."""

from __future__ import annotations

from pathlib import Path

import pytest

from problems.io.errors import InputError
from problems.production.loading import mean_loading_s


def test_it_is_in_seconds(tmp_path: Path) -> None:
    path = tmp_path / "loading.csv"
    path.write_text("timestamp_anon,value,container_ip\n1,1500.0,x\n2,2500,y\n")
    assert mean_loading_s(path) == 2.0
    path.write_text("value\n1500\nnan\n")
    with pytest.raises(InputError, match=r"loading\.csv: line 3, column value: 'nan'; must be a number > 0"):
        mean_loading_s(path)


def test_a_log_without_the_column_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "loading.csv"
    path.write_text("timestamp_anon\n1\n")
    with pytest.raises(InputError, match=r"loading\.csv: column value: missing; required"):
        mean_loading_s(path)
