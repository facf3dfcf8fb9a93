"""Reading and writing files: strict JSON, byte-identical output, nothing half written."""

from __future__ import annotations

import gzip
import io
import json
import math
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import yaml

from problems.errors import InputError, shorten

class _Yaml(yaml.SafeLoader):
    """Plain YAML that also reads ``4e-15`` as a number, as JSON and YAML 1.2 do."""


_Yaml.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$"), list("-+.0123456789")
)

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def read_bytes(path: Path) -> bytes:
    """The whole file. Raises InputError, naming the file, when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from None


def write_bytes(path: Path, content: bytes) -> None:
    """Write through a temporary file beside ``path``, so that the file is either old or whole.

    A path that exists and is no regular file (a terminal, a pipe) is written to directly.
    Raises InputError when it cannot be written.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(content)
            return
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.chmod(temporary, 0o666 & ~_umask())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def parse_json(content: bytes) -> dict[str, Any]:
    """A JSON object. Raises InputError for syntax errors, NaN, infinities and overflowing numbers."""
    try:
        document = json.loads(content, parse_constant=_refuse_constant, parse_float=_finite)
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg.lower()} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise InputError("not valid JSON: nested too deeply") from None
    if not isinstance(document, dict):
        raise InputError(f"{shorten(document)}; must be a JSON object")
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise InputError(f"{name}; numbers must be finite")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise InputError(f"{text}; numbers must be finite")
    return value


def parse_yaml(content: bytes) -> dict[str, Any]:
    """A YAML mapping. Raises InputError, with the line, for syntax errors."""
    try:
        document = yaml.load(content, Loader=_Yaml)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise InputError(f"not valid YAML: {problem}{where}") from None
    if not isinstance(document, dict):
        raise InputError(f"{shorten(document)}; must be a YAML mapping")
    return document


def check_header(document: Mapping[str, Any], expected: str) -> None:
    """Raise InputError unless ``format`` is ``expected`` and ``version`` is 1."""
    for field, allowed in (("format", expected), ("version", 1)):
        if field not in document:
            raise InputError(f"{field}: missing; must be {allowed!r}")
        if document[field] != allowed or isinstance(document[field], bool):
            raise InputError(f"{field}: {shorten(document[field])}; must be {allowed!r}")


def to_gzip(content: bytes) -> bytes:
    """Gzip without a time stamp or name, so that equal content gives equal bytes."""
    return gzip.compress(content, mtime=0)


def from_gzip(content: bytes) -> bytes:
    """The inverse of :func:`to_gzip`. Raises InputError for anything that is no whole gzip stream."""
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"not a whole gzip file: {error}") from None


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


def from_npz(content: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The inverse of :func:`to_npz`: the header's JSON object and the arrays."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(f"not a whole NPZ file: {error}") from None
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


def number_array(value: Any, field: str, shape: tuple[int, ...], kinds: str = "iuf") -> np.ndarray:
    """``value`` as an array of ``shape``, checked.

    ``kinds`` are the NumPy dtype kinds allowed: ``"iu"`` whole numbers, ``"f"`` decimals.
    Raises InputError for ragged lists, other types, wrong shapes and numbers that are not finite.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise InputError(f"{field}: ragged list; must be an array of shape {list(shape)}") from None
    if array.shape != shape:
        raise InputError(f"{field}: array of shape {list(array.shape)}; must be {list(shape)}")
    if array.dtype.kind not in kinds:
        words = "finite numbers" if "f" in kinds else "whole numbers"
        raise InputError(f"{field}: {shorten(first_odd(array, kinds))}; must hold {words}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        place = first_index(~np.isfinite(array))
        raise InputError(f"{field}{place}: not a finite number")
    return array


def first_odd(array: np.ndarray, kinds: str) -> object:
    """The first entry that is not of the wanted kinds, for a message."""
    wanted: tuple[type, ...] = (int, float) if "f" in kinds else (int,)
    for entry in array.ravel().tolist():
        if isinstance(entry, bool) or not isinstance(entry, wanted):
            return entry
    return array.dtype.name


def first_index(mask: np.ndarray) -> str:
    """The place of the first true entry, written ``[t][k][n]``."""
    return "".join(f"[{i}]" for i in np.argwhere(mask)[0])
