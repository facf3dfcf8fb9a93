"""Files as bytes: read whole, written whole or not at all, and gzip that is the same bytes every time."""

from __future__ import annotations

import gzip
import os
import tempfile
import zlib
from pathlib import Path

from problems.io.errors import InputError


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


def to_gzip(content: bytes) -> bytes:
    """Gzip without a time stamp or name, so that equal content gives equal bytes."""
    return gzip.compress(content, mtime=0)


def from_gzip(content: bytes) -> bytes:
    """The inverse of :func:`to_gzip`. Raises InputError for anything that is no whole gzip stream."""
    if not content:
        raise InputError("not a whole gzip file: it is empty")
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"not a whole gzip file: {error}") from None
