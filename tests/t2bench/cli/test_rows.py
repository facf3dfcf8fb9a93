"""``t2bench rows`` writes what the store holds, with its types, and the same file every time."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import String

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.store.schema import cells, instances
from benchmarks.store.store import BLOBS, Store
from reports.writing.rows_file import primal_integrals
from t2bench.cli.main import main
from tests.benchmarks.stores import changed, filled, rows_of
from tests.places import HOSTILE

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
    assert list(read.columns) == [*rows.columns, "primal_integral"]
    assert (read["cost"].dropna() == rows["cost"].dropna()).all()
    assert read["cell_id"].equals(rows["cell_id"].astype(read["cell_id"].dtype))
    assert set(pd.read_csv(paths[0], dtype=str)["exit_code"]) == {"0", "3"}


def test_each_row_has_its_primal_integral_to_what_all_rows_know(tmp_path: Path) -> None:
    entries = (SolverEntry(name=name, label=name) for name in ("exhaustive", "none", f"{HOSTILE}:Exits"))
    rows = [changed(row, solve_s=4.0) for row in rows_of(*entries, trace_seeds=(0,))]
    optimum, cloud = (row.cell["cost"] for row in rows[:2])
    rows[0] = changed(rows[0], events=f'[[1.0, "cost", {cloud}], [3.0, "cost", {optimum}]]')
    rows[1] = changed(rows[1], events=f'[[2.0, "cost", {cloud}]]')
    path = filled(tmp_path / "s.sqlite", rows)
    with Store.open(path) as store:
        found = dict(zip(store.plain_rows()["label"], primal_integrals(store.plain_rows()), strict=True))
    gap = (cloud - optimum) / cloud
    assert found["exhaustive"] == pytest.approx(1 + 2 * gap)
    assert found["none"] == pytest.approx(2 + 2 * gap)
    assert found[f"{HOSTILE}:Exits"] == pytest.approx(4.0)


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


WHOLE = {
    *("scenario_seed", "trace_seed", "frames", "slots", "users", "models", "repetition", "seed", "exit_code", "signal"),
    *("active_requests", "environment_steps", "updates", "cores"),
}
TRUTHS = {"exact", "proved", "training_whole"}


@pytest.fixture(scope="module")
def extremes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    """A store with the largest numbers beside none at all, and what it was given."""
    rows = rows_of(SolverEntry(name="exhaustive"))
    large = {"environment_steps": 2**63 - 1, "updates": 51_200, "seed": 2**53 + 1, "signal": 9, "training_whole": True}
    rows = [changed(rows[0], **large, load_before=1e300), changed(rows[1], exact=None, load_before=None)]
    path = filled(tmp_path_factory.mktemp("store") / "s.sqlite", rows)
    columns = pd.DataFrame([row.cell for row in rows], dtype=object).set_index("cell_id")
    return path, columns


def test_every_number_of_a_csv_is_what_the_store_holds(extremes: tuple[Path, pd.DataFrame], tmp_path: Path) -> None:
    path, given = extremes
    assert main(["rows", str(path), "-o", str(tmp_path / "a.csv")]) == 0
    read = pd.read_csv(tmp_path / "a.csv", dtype=str, keep_default_na=False).set_index("cell_id")
    for name in {column.name for column in cells.c} - {"cell_id", *BLOBS}:
        for cell_id, value in given[name].items():
            found = read.loc[cell_id, name]
            if isinstance(value, float):
                assert float(found) == value, name
            else:
                assert found == ("" if value is None else str(value)), name
    assert all(read[name].str.fullmatch(r"-?\d*").all() for name in WHOLE)


@needs_pyarrow
def test_every_column_of_a_parquet_file_has_its_type(extremes: tuple[Path, pd.DataFrame], tmp_path: Path) -> None:
    path, given = extremes
    assert main(["rows", str(path), "-o", str(tmp_path / "a.parquet")]) == 0
    read = pd.read_parquet(tmp_path / "a.parquet").set_index("cell_id")
    texts = {column.name for table in (cells, instances) for column in table.c if isinstance(column.type, String)}
    expected = {name: "Int64" if name in WHOLE else "boolean" if name in TRUTHS else "float64" for name in read}
    expected |= {name: "string" for name in read if name in texts or name == "instance"}
    assert {name: str(dtype) for name, dtype in read.dtypes.items()} == expected
    for name in {column.name for column in cells.c} - {"cell_id", *BLOBS}:
        for cell_id, value in given[name].items():
            found = read.loc[cell_id, name]
            assert pd.isna(found) if value is None else found == value, name


def test_parquet_without_pyarrow_is_one_line(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.writing.rows_file.find_spec", lambda name: None)
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
