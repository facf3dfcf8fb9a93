"""``t2bench references``: of a store, and of the shipped table."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.matrix import file as matrix_file
from benchmarks.matrix.file import load_matrix
from benchmarks.matrix.matrix import SolverEntry
from benchmarks.references import table as reference_table
from benchmarks.references.of_store import references_in
from benchmarks.references.rebuild import MATRIX, differences
from benchmarks.references.table import read_entries, write_entries
from benchmarks.store.row import Row
from benchmarks.store.store import Store
from problems.io.errors import InputError
from t2bench.cli.main import main
from tests.benchmarks.stores import changed, filled, rows_of

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Of the instances tiny-s0-t0, which the shipped table has, and tiny-s0-t1, which it has not."""
    return rows_of(SolverEntry(name="none"), SolverEntry(name="exhaustive"))


def kept(path: Path) -> dict[str, tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        query = (
            "SELECT i.name, b.value, b.bound, b.source FROM best_known b JOIN instances i ON i.sha256 = instance_sha256"
        )
        return {name: values for name, *values in connection.execute(query)}


def test_the_references_of_a_store_are_printed_and_kept_in_it(tmp_path: Path, rows: list[Row], capsys: Capture) -> None:
    path = filled(tmp_path / "a.sqlite", rows)
    assert main(["references", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["instance", "value", "bound", "gap,", "%", "source", "by"]
    assert [line.split()[0] for line in lines[1:]] == ["tiny-s0-t0", "tiny-s0-t1"]
    assert "enumerated" in lines[1]
    assert "brute-force (shipped)" in lines[1]
    assert lines[2].split()[3:] == ["0", "proved", "exhaustive"]
    assert main(["references", str(path), "--json"]) == 0
    records = {record["instance"]: record for record in json.loads(capsys.readouterr().out)}
    assert {name: list(values) for name, values in kept(path).items()} == {
        name: [record["value"], record["bound"], record["source"]] for name, record in records.items()
    }
    optima = {row.recipe.instance().name: row.cell["cost"] for row in rows if row.cell["label"] == "exhaustive"}
    assert {name: record["value"] for name, record in records.items()} == pytest.approx(optima)


def test_what_is_kept_follows_the_rows(tmp_path: Path, rows: list[Row], capsys: Capture) -> None:
    """A store of the cloud alone knows no optimum where the table has none, and one as soon as it is proved."""
    path = filled(tmp_path / "a.sqlite", [row for row in rows if row.cell["label"] == "none"])
    assert main(["references", str(path)]) == 0
    found = kept(path)
    assert (found["tiny-s0-t0"][2], found["tiny-s0-t1"][2]) == ("enumerated", "best known")
    assert found["tiny-s0-t1"][1] is None
    assert capsys.readouterr().out.splitlines()[2].split()[2:5] == ["-", "–", "best"]
    filled(path, rows)
    assert main(["references", str(path)]) == 0
    assert kept(path)["tiny-s0-t1"][2] == "proved"


def test_a_bound_that_the_table_contradicts_is_named(tmp_path: Path, rows: list[Row], capsys: Capture) -> None:
    """The store itself holds nothing that shows the bound to be false."""
    cloud = next(row for row in rows if row.cell["label"] == "none" and row.recipe.trace_seed == 0)
    entry = read_entries("tiny")[0]
    bound = (entry.value + cloud.cell["cost"]) / 2
    path = filled(tmp_path / "a.sqlite", [changed(cloud, lower_bound=bound)])
    assert main(["references", str(path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"contradiction: none states that no solution of tiny-s0-t0 costs less than {bound!r}; ")
    assert re.search(rf"shipped.* found one that costs {checked_value(path)!r}\n$", said)
    assert kept(path)["tiny-s0-t0"][1] == pytest.approx(entry.bound)


def checked_value(path: Path) -> float:
    with Store.open(path) as store:
        (known,) = references_in(store)
    assert known.reference.best_cost is not None
    return known.reference.best_cost


def test_a_store_that_cannot_be_written_is_still_read(
    tmp_path: Path, rows: list[Row], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path / "a.sqlite", rows)
    opened = Store.open

    def read_only(location: str, create: bool = False) -> Store:
        if create:
            raise InputError(f"{location}: cannot be written: it is read-only")
        return opened(location)

    monkeypatch.setattr(Store, "open", read_only)
    assert main(["references", str(path)]) == 0
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 3
    assert captured.err == f"t2bench: not kept: {path}: cannot be written: it is read-only\n"


def test_the_shipped_table_is_printed_with_its_commands(capsys: Capture) -> None:
    assert main(["references", "--families", "small,tiny", "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["instance"] for record in records] == [f"{f}-s{s}-t0" for f in ("small", "tiny") for s in range(10)]
    assert all(record["command"].startswith("t2bench sample ") for record in records)
    assert all(0 < record["priced_bound"] <= record["bound"] for record in records)
    assert main(["references", "--families", "tiny"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 11


def test_check_judges_the_table_and_names_what_is_wrong(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["references", "--check", "--families", "tiny"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "10 references: 10 judged as stated, 0 not"
    first, *rest = read_entries("tiny")
    write_entries("tiny", [replace(first, value=first.value / 2), *rest], tmp_path)
    monkeypatch.setattr(reference_table, "FOLDER", tmp_path)
    assert main(["references", "--check"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"tiny-s0-t0: value: the table says {first.value / 2!r}, the judge {first.value!r}"
    assert out[1] == "10 references: 9 judged as stated, 1 not"
    assert out[2].startswith("10 bounds recomputed from prices; ")


def test_rebuild_makes_the_same_table_again(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    part = load_matrix(MATRIX).model_copy(update={"scenario_seeds": (0, 1)})
    monkeypatch.setattr(matrix_file, "load_matrix", lambda _: part)
    assert main(["references", "--rebuild", "--families", "tiny", "-o", str(tmp_path), "--jobs", "2"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "2 references: 2 judged as stated, 0 not"
    assert out[2:] == [f"{tmp_path / 'tiny.json'}: 2 references"]
    for made, shipped in zip(read_entries("tiny", tmp_path), read_entries("tiny")[:2], strict=True):
        assert (made.instance_sha256, made.source) == (shipped.instance_sha256, shipped.source)
        assert made.value == pytest.approx(shipped.value, rel=1e-9)
        assert {proof.solver for proof in made.proofs} == {proof.solver for proof in shipped.proofs}


def test_differences_from_the_shipped_table_are_told() -> None:
    old = read_entries("tiny")[:3]
    bound = old[0].value * 1.01
    new = [replace(old[0], bound=bound), replace(old[1], value=old[1].value * 1.5, source="best known"), old[2]]
    assert list(differences(old, old)) == []
    assert list(differences(old[1:], old)) == [("tiny-s0-t0: new, enumerated", False)]
    assert list(differences(old, new)) == [
        (f"tiny-s0-t0: bound: {old[0].bound!r} before, {bound!r} now", False),
        (f"tiny-s0-t0: bound now: {bound!r}, which a solution of cost {old[0].value!r} contradicts", True),
        (f"tiny-s1-t0: value: {old[1].value!r} before, {old[1].value * 1.5!r} now", False),
        ("tiny-s1-t0: source: enumerated before, best known now", False),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.sqlite", "--check"], "--check: is for the shipped table; must stand without STORE"),
        (["a.sqlite", "--families", "tiny"], "--families: is for the shipped table; must stand without STORE"),
        (["--jobs", "2"], "--jobs: must stand with --rebuild"),
        (["--check", "-o", "."], "--output: must stand with --rebuild"),
        (["--check", "--rebuild"], "--check: must stand without --rebuild"),
        (["--check", "--json"], "--json: must stand without --check and --rebuild"),
        (["--families", "tny"], "--families: 'tny'; must be among tiny, small, paper, drift, deadline, metro"),
        (["--rebuild", "--families", "x"], "--families: 'x'; must be among tiny"),
        (["--rebuild", "-o", "absent"], "--output: absent; must be a folder"),
        (["none.sqlite"], "none.sqlite: no such store"),
    ],
)
def test_what_cannot_be_asked_for_is_one_line(
    arguments: list[str], words: str, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["references", *arguments]) == 2
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
