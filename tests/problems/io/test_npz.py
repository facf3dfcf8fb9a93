"""Archives of equal content are equal, and hold nothing twice."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from problems.io.errors import InputError
from problems.io.files import from_gzip, to_gzip
from problems.io.npz import from_npz, to_npz


def test_archives_of_equal_content_are_equal() -> None:
    arrays = {"a": np.arange(6).reshape(2, 3), "b": np.linspace(0, 1, 4)}
    assert to_gzip(b"abc" * 100) == to_gzip(b"abc" * 100)
    assert to_npz("{}", arrays) == to_npz("{}", {key: value.copy("F") for key, value in arrays.items()})
    header, back = from_npz(to_npz('{"x": "ü"}', arrays))
    assert header == {"x": "ü"}
    assert all(np.array_equal(back[key], arrays[key]) for key in arrays)
    assert from_gzip(to_gzip(b"abc")) == b"abc"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_array_that_stands_twice() -> None:
    content = to_npz("{}", {"a": np.arange(3)})
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("a.npy", archive.read("a.npy"))
    with pytest.raises(InputError, match=r"a\.npy stands twice"):
        from_npz(buffer.getvalue())
