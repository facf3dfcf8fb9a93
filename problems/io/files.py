"""Reading and writing files: strict JSON, byte-identical output, nothing half written."""

from __future__ import annotations

import gzip
import io
import json
import math
import os
import re
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from problems.io.errors import InputError, field_path, shorten, shorten_text


class _Yaml(yaml.SafeLoader):
    """Plain YAML that also reads ``4e-15`` as a number, as JSON and YAML 1.2 do, and refuses repeated keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping. Raises ConstructorError for a key that stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                problem = f"{shorten_text(key.value)}: stands twice in one mapping"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


_Yaml.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$"), list("-+.0123456789")
)

_DAMAGED_ARCHIVE = (
    *(OSError, EOFError, ValueError, KeyError, NotImplementedError, RuntimeError, MemoryError, OverflowError),
    *(struct.error, zipfile.BadZipFile, zlib.error),
)
"""What zipfile, zlib and NumPy raise when they open one."""

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def read_bytes(path: Path) -> bytes:
    """The whole file. Raises InputError, naming the file, when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from None


def write_bytes(path: Path, content: bytes) -> None:
    """Write through a temporary file beside ``path``, so that the file is either old or whole.

    A path that exists and is no regular file (a terminal, a pipe) is written to directly; where
    ``path`` is a link, the file that it leads to is replaced and the link stays.
    Raises InputError when it cannot be written.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(content)
            return
        target = Path(os.path.realpath(path))
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.chmod(temporary, 0o666 & ~_umask())
            os.replace(temporary, target)
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
    """A JSON object. Raises InputError for syntax errors, repeated keys, NaN, infinities and overflowing numbers."""
    refused: list[str] = []
    repeated: list[str] = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        entries = dict(pairs)
        if len(entries) < len(pairs):
            repeated.extend(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return entries

    def decimal(text: str) -> float:
        value = float(text)
        if not math.isfinite(value):
            refused.append(text)
        return value

    def whole(text: str) -> float:
        value = decimal(text)
        return int(text) if math.isfinite(value) else value

    try:
        document = json.loads(
            content, object_pairs_hook=mapping, parse_constant=decimal, parse_float=decimal, parse_int=whole
        )
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg.lower()} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise InputError("not valid JSON: nested too deeply") from None
    if not isinstance(document, dict):
        raise InputError(f"{shorten(document)}; must be a JSON object")
    if repeated:
        raise InputError(f"{shorten_text(repeated[0])}: stands twice in one object; names must differ")
    if refused:
        place = field_path(_first_infinite(document) or ())
        raise InputError(f"{place}: {shorten_text(refused[0])}; numbers must be finite")
    return document


def _first_infinite(value: Any) -> tuple[int | str, ...] | None:
    """The place of the first number that is not finite."""
    if isinstance(value, float) and not math.isfinite(value):
        return ()
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        place = _first_infinite(entry)
        if place is not None:
            return (key, *place)
    return None


def parse_yaml(content: bytes) -> dict[str, Any]:
    """A YAML mapping. Raises InputError, which knows its line, for syntax errors."""
    try:
        document = yaml.load(content, Loader=_Yaml)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        if mark is None:
            raise InputError(f"not valid YAML: {problem}") from None
        raise InputError(f"not valid YAML: {problem} (column {mark.column + 1})", mark.line + 1) from None
    except RecursionError:
        raise InputError("not valid YAML: nested too deeply") from None
    except ValueError as error:
        raise InputError(f"not valid YAML: {error}") from None
    if not isinstance(document, dict):
        raise InputError(f"{shorten(document)}; must be a YAML mapping")
    return document


def check_header(document: Mapping[str, Any], expected: str, versions: Sequence[int] = (1,)) -> None:
    """Raise InputError unless ``format`` is ``expected`` and ``version`` is one of ``versions``."""
    for field, allowed in (("format", (expected,)), ("version", versions)):
        words = " or ".join(map(repr, allowed))
        if field not in document:
            raise InputError(f"{field}: missing; must be {words}")
        if document[field] not in allowed or isinstance(document[field], bool):
            raise InputError(f"{field}: {shorten(document[field])}; must be {words}")


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
    if array.dtype.kind not in kinds or (isinstance(value, list) and _holds_bool(value)):
        words = "finite numbers" if "f" in kinds else "whole numbers"
        raise InputError(f"{field}: {shorten(first_odd(value, kinds))}; must hold {words}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        place = first_index(~np.isfinite(array))
        raise InputError(f"{field}{place}: not a finite number")
    return array


def _holds_bool(value: Any) -> bool:
    return any(map(_holds_bool, value)) if isinstance(value, list) else isinstance(value, bool)


def first_odd(value: Any, kinds: str) -> object:
    """The first entry that is not of the wanted kinds, for a message."""
    wanted: tuple[type, ...] = (int, float) if "f" in kinds else (int,)
    for entry in np.array(value, dtype=object).ravel().tolist():
        if isinstance(entry, bool) or not isinstance(entry, wanted) or (isinstance(entry, int) and abs(entry) >= 2**63):
            return entry
    return np.asarray(value).dtype.name


def first_index(mask: np.ndarray) -> str:
    """The place of the first true entry, written ``[t][k][n]``."""
    return "".join(f"[{i}]" for i in np.argwhere(mask)[0])
