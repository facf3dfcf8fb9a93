"""Files are whole or untouched, byte-identical, and strict."""

from __future__ import annotations

import errno
import io
import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from problems.io import files
from problems.io.errors import InputError


def test_writing_and_reading(tmp_path: Path) -> None:
    path = tmp_path / "a"
    files.write_bytes(path, b"one")
    files.write_bytes(path, b"two")
    assert files.read_bytes(path) == b"two"
    assert os.listdir(tmp_path) == ["a"]


def test_a_new_file_has_the_usual_rights(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    files.write_bytes(tmp_path / "a", b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("name", ["replace", "fdopen", "chmod"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "a"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, name, full)
    with pytest.raises(InputError, match=r"/a: cannot be written: no space left on device$"):
        files.write_bytes(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_an_interrupt_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> NoReturn:
        raise KeyboardInterrupt

    path = tmp_path / "a"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write_bytes(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_an_output_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place, reason in (
        (tmp_path / "absent" / "a", "no such file or directory"),
        (tmp_path / "file" / "a", "not a directory"),
        (tmp_path, "is a directory"),
    ):
        with pytest.raises(InputError) as caught:
            files.write_bytes(place, b"")
        assert str(caught.value) == f"{place}: cannot be written: {reason}"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match=r"/a: cannot be written: permission denied$"):
        files.write_bytes(tmp_path / "a", b"")
    tmp_path.chmod(0o700)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "target")
    for content in (b"new", b"newer"):
        files.write_bytes(tmp_path / "link", content)
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "folder" / "target").read_bytes() == content


def test_a_device_stays_a_device() -> None:
    files.write_bytes(Path("/dev/null"), b"nothing")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_archives_of_equal_content_are_equal() -> None:
    arrays = {"a": np.arange(6).reshape(2, 3), "b": np.linspace(0, 1, 4)}
    assert files.to_gzip(b"abc" * 100) == files.to_gzip(b"abc" * 100)
    assert files.to_npz("{}", arrays) == files.to_npz("{}", {key: value.copy("F") for key, value in arrays.items()})
    header, back = files.from_npz(files.to_npz('{"x": "ü"}', arrays))
    assert header == {"x": "ü"}
    assert all(np.array_equal(back[key], arrays[key]) for key in arrays)
    assert files.from_gzip(files.to_gzip(b"abc")) == b"abc"


@pytest.mark.parametrize("text", ["1e308", "-0.0", "5e-324", "1e-999", "12345678901234567890", "[true, null, 1.50]"])
def test_json_numbers_that_are_numbers(text: str) -> None:
    assert files.parse_json(f'{{"a": {text}}}'.encode())["a"] == json.loads(text)


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 1}', '{"b": [{"a": 1, "c": 2, "a": NaN}]}', '{"\\u0061": 1, "b": {}, "a": 2}']
)
def test_json_keys_that_stand_twice(text: str) -> None:
    with pytest.raises(InputError, match=r"^a: stands twice in one object; names must differ$"):
        files.parse_json(text.encode())


def test_json_keys_may_stand_in_many_objects() -> None:
    assert files.parse_json(b'{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}')["b"][1] == {"a": 2}


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3", "b:\n  c: {a: 1, a: 2}"])
def test_yaml_keys_that_stand_twice(text: str) -> None:
    with pytest.raises(InputError, match=r"^not valid YAML: a: stands twice in one mapping \(column \d+\)$") as caught:
        files.parse_yaml(text.encode())
    assert caught.value.line == len(text.splitlines())


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_array_that_stands_twice() -> None:
    content = files.to_npz("{}", {"a": np.arange(3)})
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("a.npy", archive.read("a.npy"))
    with pytest.raises(InputError, match=r"a\.npy stands twice"):
        files.from_npz(buffer.getvalue())


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e309", "-1e999", "1" + "0" * 400])
def test_json_numbers_that_are_not(text: str) -> None:
    with pytest.raises(InputError, match=r"^a\.b\[1\]: .*; numbers must be finite$"):
        files.parse_json(f'{{"a": {{"b": [0, {text}]}}}}'.encode())


@pytest.mark.parametrize(("text", "value"), [("4e-15", 4e-15), ("-1E3", -1000.0), (".5e1", 5.0), ("1.", 1.0), ("7", 7)])
def test_yaml_numbers(text: str, value: float) -> None:
    found = files.parse_yaml(f"a: {text}".encode())["a"]
    assert found == value
    assert type(found) is type(value)


def test_yaml_words_that_look_like_numbers_stay_words() -> None:
    assert files.parse_yaml(b"a: e5\nb: '4e-15'\nc: 1e") == {"a": "e5", "b": "4e-15", "c": "1e"}
