"""Complaints about YAML files point at the line that is to be changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from problems.io.errors import InputError
from problems.io.yaml_document import line_of, parse_yaml, yaml_document

TEXT = b"""\
# a comment
name: one
solvers:
  - none
  - {name: ddqn, settings: {caching.train_steps: 3}}
  - name: milp
    settings:
      caching: {depth: 1}
      caching.depth: 2
      gap: &tolerance 1.0
    families:
      [tiny,
       small]
limits: {time: *tolerance, nothing: null}
"""


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("name", 2),
        ("solvers", 3),
        ("solvers[0]", 4),
        ("solvers[0].name", 4),
        ("solvers[1].settings.caching.train_steps", 5),
        ("solvers[2]", 6),
        ("solvers[2].label", 6),
        ("solvers[2].settings", 7),
        ("solvers[2].settings.depth", 7),
        ("solvers[2].settings.caching", 8),
        ("solvers[2].settings.caching.depth", 9),
        ("solvers[2].settings.gap", 10),
        ("solvers[2].families[0]", 12),
        ("solvers[2].families[1]", 13),
        ("solvers[2].families[2]", 11),
        ("solvers[3]", 3),
        ("limits.time", 14),
        ("limits.nothing.else", 14),
        ("", 2),
        ("no such field", 2),
    ],
)
def test_a_field_has_the_line_of_its_key_or_of_what_is_nearest_around_it(field: str, line: int) -> None:
    assert line_of(field, TEXT) == line


@pytest.mark.parametrize("content", [b"", b"# nothing", b"a: [1", b"[" * 1000, b"a: \xff", b"b: &x [*x]\na: *y"])
def test_what_is_no_yaml_has_no_lines(content: bytes) -> None:
    assert line_of("a", content) is None


def test_a_list_that_holds_itself_ends(tmp_path: Path) -> None:
    assert line_of("a[0][0][0].b", b"x: 1\na: &a\n  - *a\n") == 2


def complaint(path: Path, content: bytes, error: InputError | None = None) -> str:
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        _read(path, error)
    return str(caught.value)


def _read(path: Path, error: InputError | None) -> None:
    with yaml_document(path):
        if error is not None:
            raise error
        TypeAdapter(dict[str, list[int]]).validate_python({"name": [1], "solvers": [1, "x"]})


def test_the_file_and_the_line_stand_in_front(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    assert complaint(path, TEXT, InputError("limits.time: 1.0; must be > 2")) == (
        f"{path}:14: limits.time: 1.0; must be > 2"
    )
    assert complaint(path, TEXT).startswith(f"{path}:5: solvers[1]: 'x'; ")


def test_a_complaint_that_knows_its_line_or_its_own_file_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    assert complaint(path, TEXT, InputError("name: odd", 7)) == f"{path}:7: name: odd"
    inner = InputError("users: 0; must be >= 1", 12).within("other.yaml").within("solvers[2]")
    assert complaint(path, TEXT, inner) == f"{path}:6: solvers[2]: other.yaml:12: users: 0; must be >= 1"


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    assert complaint(path, b"a: 1\nb: 2\na: 3\n") == (
        f"{path}:3: not valid YAML: a: stands twice in one mapping (column 1)"
    )
    assert complaint(path, b"a: 1\nb: c: d\n").startswith(f"{path}:2: not valid YAML: mapping values are not allowed")
    assert complaint(path, b"") == f"{path}: None; must be a YAML mapping"
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read"), yaml_document(tmp_path / "none.yaml"):
        pass


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3", "b:\n  c: {a: 1, a: 2}"])
def test_yaml_keys_that_stand_twice(text: str) -> None:
    with pytest.raises(InputError, match=r"^not valid YAML: a: stands twice in one mapping \(column \d+\)$") as caught:
        parse_yaml(text.encode())
    assert caught.value.line == len(text.splitlines())


@pytest.mark.parametrize(("text", "value"), [("4e-15", 4e-15), ("-1E3", -1000.0), (".5e1", 5.0), ("1.", 1.0), ("7", 7)])
def test_yaml_numbers(text: str, value: float) -> None:
    found = parse_yaml(f"a: {text}".encode())["a"]
    assert found == value
    assert type(found) is type(value)


def test_yaml_words_that_look_like_numbers_stay_words() -> None:
    assert parse_yaml(b"a: e5\nb: '4e-15'\nc: 1e") == {"a": "e5", "b": "4e-15", "c": "1e"}
