"""Archives of equal content are equal, and hold nothing twice."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from problems.io.errors import InputError
from problems.io.npz import from_npz, one_array, to_npz


def test_archives_of_equal_content_are_equal() -> None:
    arrays = {"a": np.arange(6).reshape(2, 3), "b": np.linspace(0, 1, 4)}
    assert to_npz("{}", arrays) == to_npz("{}", {key: value.copy("F") for key, value in arrays.items()})
    header, back = from_npz(to_npz('{"x": "ü"}', arrays))
    assert header == {"x": "ü"}
    assert all(np.array_equal(back[key], arrays[key]) for key in arrays)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_array_that_stands_twice() -> None:
    content = to_npz("{}", {"a": np.arange(3)})
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("a.npy", archive.read("a.npy"))
    with pytest.raises(InputError, match=r"a\.npy stands twice"):
        from_npz(buffer.getvalue())


def test_one_array_alone() -> None:
    content = to_npz("{}", {"a": np.arange(3), "b": np.ones(2)})
    assert one_array(content, "b").tolist() == [1.0, 1.0]
    for broken, name in ((content, "c"), (content[:-30], "a"), (b"", "a")):
        with pytest.raises(InputError, match="not a whole NPZ file"):
            one_array(broken, name)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"a": np.arange(3)}, "header: missing"),
        ({"header": np.arange(3)}, "header: array of shape (3,); must be one JSON text"),
        ({"header": np.array("[1]")}, "header: [1]; must be a JSON object"),
    ],
)
def test_an_archive_without_a_header_is_refused(arrays: dict[str, np.ndarray], words: str) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        from_npz(buffer.getvalue())
    assert str(caught.value).startswith(words)
