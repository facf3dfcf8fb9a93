"""``t2bench report`` on a real store."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import create_engine, insert

from benchmarks.store.schema import cells, instances
from benchmarks.store.store import Store
from t2bench.cli.main import main
from tests.reports.cells import Row, cell


def fill(path: Path, rows: list[Row]) -> None:
    """Write rows as ``t2bench run`` would, column by column."""
    Store.open(path, create=True).close()
    engine = create_engine(f"sqlite:///{path}")
    names = {"sha256": "instance_sha256", "name": "instance"}
    with engine.begin() as connection:
        for row in pd.DataFrame(rows).drop_duplicates("instance_sha256").to_dict("records"):
            values = {column.name: row.get(names.get(column.name, column.name)) for column in instances.c}
            connection.execute(insert(instances), values | {"document": b""})
        for row in rows:
            values = {column.name: row.get(column.name) for column in cells.c}
            connection.execute(insert(cells), values | {"events": "[]"})
    engine.dispose()


def test_it_prints_where_the_page_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, out = tmp_path / "store.sqlite", tmp_path / "out"
    fill(store, [cell("none", "i", 3.0), cell("a", "i", 2.0, exact=True, proved=True, lower_bound=2.0)])
    assert main(["report", str(store), "-o", str(out)]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{out / 'index.html'}\n"
    assert captured.err == ""
    assert "proved by a" in (out / "index.html").read_text()


@pytest.mark.parametrize("broken", ["missing", "empty", "no store", "unwritable"])
def test_bad_input_is_one_line_and_exit_code_2(broken: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, out = tmp_path / "store.sqlite", tmp_path / "out"
    if broken == "no store":
        store.write_text("something else")
    elif broken != "missing":
        fill(store, [cell("a", "i", None, status="crash")] if broken == "unwritable" else [])
    if broken == "unwritable":
        out.write_text("a file")
    assert main(["report", str(store), "-o", str(out)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert ("out" if broken == "unwritable" else "store.sqlite") in captured.err
