"""``t2bench rows`` writes what the store holds, with its types, and the same file every time."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.cli.main import main
from benchmarks.matrix import SolverEntry
from benchmarks.store import Store
from tests.benchmarks.stores import HOSTILE, filled, rows_of

needs_pyarrow = pytest.mark.skipif(importlib.util.find_spec("pyarrow") is None, reason="needs t2bench[parquet]")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    entries = (SolverEntry(name="exhaustive"), SolverEntry(name=f"{HOSTILE}:Exits"))
    return filled(tmp_path_factory.mktemp("store") / "s.sqlite", rows_of(*entries))


def test_csv_is_the_rows_and_the_same_every_time(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in paths:
        assert main(["rows", str(store), "-o", str(path)]) == 0
    assert capsys.readouterr().out == "".join(f"{path}: 4 rows\n" for path in paths)
    first, again = (path.read_bytes() for path in paths)
    assert first == again
    read = pd.read_csv(paths[0])
    with Store.open(store) as opened:
        rows = opened.rows()
    assert list(read.columns) == list(rows.columns)
    assert (read["cost"].dropna() == rows["cost"].dropna()).all()
    assert read["cell_id"].equals(rows["cell_id"].astype(read["cell_id"].dtype))
    assert set(pd.read_csv(paths[0], dtype=str)["exit_code"]) == {"0", "3"}


@needs_pyarrow
def test_parquet_has_the_types_of_the_schema(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    assert main(["rows", str(store), "-o", str(path)]) == 0
    read = pd.read_parquet(path)
    with Store.open(store) as opened:
        rows = opened.rows()
    assert (read["cost"].dropna() == rows["cost"].dropna()).all()
    types = {name: read[name].dtype for name in ("cost", "signal", "exact")}
    assert {name: str(dtype) for name, dtype in types.items()} == {
        "cost": "float64",
        "signal": "Int64",
        "exact": "boolean",
    }


def test_parquet_without_pyarrow_is_one_line(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.rows_file.find_spec", lambda name: None)
    path = tmp_path / "a.parquet"
    assert main(["rows", str(store), "-o", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.err == (
        f"t2bench: {path}: Parquet needs pyarrow, which is not installed; pip install 't2bench[parquet]'\n"
    )
    assert not path.exists()


@pytest.mark.parametrize("name", ["a.txt", "a", "no/folder/a.csv"])
def test_files_that_cannot_be_written(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["rows", str(store), "-o", str(tmp_path / name)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert str(tmp_path / name) in captured.err
    assert list(tmp_path.iterdir()) == []
