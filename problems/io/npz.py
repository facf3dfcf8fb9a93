"""NPZ archives with a JSON header, the same bytes every time."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from problems.io.errors import InputError, shorten_text
from problems.io.json_document import parse_json

_DAMAGED_ARCHIVE = (
    *(OSError, EOFError, ValueError, KeyError, NotImplementedError, RuntimeError, MemoryError, OverflowError),
    *(struct.error, zipfile.BadZipFile, zlib.error),
)
"""What zipfile, zlib and NumPy raise when they open one."""

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def to_npz(header: str, arrays: Mapping[str, np.ndarray]) -> bytes:
    """An NPZ archive with fixed time stamps: ``header`` (JSON text) beside ``arrays``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in {"header": np.array(header), **arrays}.items():
            entry = zipfile.ZipInfo(f"{name}.npy", _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asarray(array, order="C"), allow_pickle=False)
            archive.writestr(entry, content.getvalue())
    return buffer.getvalue()


def _arrays(content: bytes) -> dict[str, np.ndarray]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for entry, count in Counter(names).items():
            if count > 1:
                raise ValueError(f"{entry} stands twice")
        return {entry.removesuffix(".npy"): _array(archive, entry) for entry in names}


def _array(archive: zipfile.ZipFile, entry: str) -> np.ndarray:
    array: np.ndarray = np.lib.format.read_array(io.BytesIO(archive.read(entry)), allow_pickle=False)
    return array


def from_npz(content: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The inverse of :func:`to_npz`: the header's JSON object and the arrays."""
    try:
        arrays = _arrays(content)
    except _DAMAGED_ARCHIVE as error:
        raise InputError(f"not a whole NPZ file: {shorten_text(str(error))}") from None
    if "header" not in arrays:
        raise InputError("header: missing; must hold the instance's JSON text")
    header = arrays.pop("header")
    if header.shape != () or header.dtype.kind not in "US":
        raise InputError(f"header: array of shape {header.shape}; must be one JSON text")
    text = header.item()
    try:
        return parse_json(text if isinstance(text, bytes) else text.encode()), arrays
    except InputError as error:
        raise error.within("header") from None


def one_array(content: bytes, name: str) -> np.ndarray:
    """That array of an archive of :func:`to_npz` alone. Raises InputError for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _array(archive, f"{name}.npy")
    except _DAMAGED_ARCHIVE as error:
        raise InputError(f"not a whole NPZ file: {shorten_text(str(error))}") from None
