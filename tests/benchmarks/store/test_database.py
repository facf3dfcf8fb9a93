"""Places where a SQLite store may be, is not, or cannot be written."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.store import database
from benchmarks.store.database import display_name
from benchmarks.store.row import Row
from benchmarks.store.store import Store
from problems.io.errors import InputError
from t2bench.cli.main import main
from tests.benchmarks.stores import filled, rows_of
from tests.places import HOSTILE


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Two instances by an optimum, a crash, a skipped one, NaN and a false claim."""
    names = ("Exits", "Refuses", "ReturnsNan", "BreaksRules")
    return rows_of(SolverEntry(name="exhaustive"), *(SolverEntry(name=f"{HOSTILE}:{name}") for name in names))


@pytest.mark.parametrize("place", ["no/folder/s.sqlite", "."])
def test_places_that_cannot_be_written(tmp_path: Path, place: str) -> None:
    with pytest.raises(InputError, match="cannot be opened: unable to open database file"):
        Store.open(tmp_path / place, create=True)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nosuch://host/db", "no such database 'nosuch'"),
        ("://", "must be a path or an SQLAlchemy URL"),
        ("postgresql+nodriver://host/db", "no such database 'postgresql+nodriver'"),
        ("sqlite://", "store: 'sqlite://'; must be a file, for memory keeps nothing"),
        ("sqlite:///:memory:", "must be a file"),
        ("sqlite:///file::memory:?uri=true", "must be a file"),
        ("sqlite:///file:s?mode=memory&uri=true", "must be a file"),
        (":memory:", "store: ':memory:'; must be a file"),
    ],
)
def test_urls_that_lead_nowhere(url: str, words: str) -> None:
    for create in (True, False):
        with pytest.raises(InputError) as caught:
            Store.open(url, create=create)
        assert words in str(caught.value)


def test_a_store_that_cannot_be_written_is_read_as_it_lies(
    tmp_path: Path, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path / "of 100%?#.sqlite", rows)
    monkeypatch.setattr(database, "_writable", lambda folder: folder != tmp_path)
    with Store.open(path) as store:
        assert len(store.rows()) == len(rows)
        assert list(tmp_path.iterdir()) == [path]
    link = tmp_path / "elsewhere" / "link.sqlite"
    link.parent.mkdir()
    link.symlink_to(path)
    with Store.open(link) as store:
        assert len(store.rows()) == len(rows)
        assert set(tmp_path.iterdir()) == {path, link.parent}


def test_what_is_written_beside_a_store_is_read_too(
    tmp_path: Path, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_writable", lambda folder: False)
    with Store.open(tmp_path / "s.sqlite", create=True) as writer:
        writer.add(rows[0])
        with Store.open(tmp_path / "s.sqlite") as store:
            assert store.finished() == {rows[0].cell["cell_id"]}


@pytest.fixture
def unwritable(tmp_path: Path, rows: list[Row]) -> Iterator[Path]:
    """A store in a folder where nobody can write, root neither."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    path = filled(folder / "s.sqlite", rows)
    if os.geteuid() != 0:
        folder.chmod(0o555)
        yield path
        folder.chmod(0o755)
        return
    if not _done("mount", "--bind", folder, folder):
        pytest.skip("needs to mount a folder")
    try:
        if not _done("mount", "-o", "remount,ro,bind", folder):
            pytest.skip("needs to mount a folder without the right to write")
        yield path
    finally:
        subprocess.run(["umount", folder], check=True)


def _done(*command: str | Path) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_all_that_only_reads_a_store_reads_one_that_cannot_be_written(
    unwritable: Path, tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new.csv"
    for verb, *options in (["rejudge"], ["rows", "-o", str(new)], ["compare", str(unwritable)]):
        main([verb, str(unwritable), *options])
        assert capsys.readouterr().err == ""
    assert len(pd.read_csv(new)) == len(rows)
    assert main(["references", str(unwritable)]) == 0
    captured = capsys.readouterr()
    assert "tiny-s0-t1" in captured.out
    assert captured.err.startswith(f"t2bench: not kept: {unwritable}: ")
    with pytest.raises(InputError, match=r"s\.sqlite: cannot be "):
        Store.open(unwritable, create=True)
    assert list(unwritable.parent.iterdir()) == [unwritable]


def test_a_url_of_a_file_is_that_file(tmp_path: Path, rows: list[Row]) -> None:
    with Store.open(f"sqlite:///{tmp_path}/s.sqlite", create=True) as store:
        store.add(rows[0])
    with Store.open(tmp_path / "s.sqlite") as store:
        assert len(store.rows()) == 1


def test_a_password_is_never_printed() -> None:
    assert "secret" not in display_name("postgresql://me:secret@host/db")
