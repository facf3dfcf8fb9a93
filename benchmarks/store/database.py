"""Connecting to the database of a store: SQLite in WAL mode, or whatever a URL names."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from problems.io.errors import InputError

_POSTGRESQL, _PSYCOPG = "postgresql", "postgresql+psycopg"
_LOCK = 0x7432_6265_6E63_68
"""The key of an advisory lock: ``t2bench`` in ASCII."""
BUSY_TIMEOUT_S = 60.0
"""How long a statement waits for another process that writes the same SQLite file."""


def connect(location: str | Path, create: bool) -> Engine:
    """An engine for a path or an SQLAlchemy URL; nothing is opened yet, except that a driver must be there.

    Raises InputError: a file that does not exist (without ``create``), a database in memory, a bad URL, a missing
    driver.
    """
    url = _url(location)
    if url.get_backend_name() == "sqlite":
        if _in_memory(url):
            raise InputError(f"store: {unquote(display_name(location))!r}; must be a file, for memory keeps nothing")
        return _sqlite(url, create)
    if url.drivername == _POSTGRESQL:
        url = url.set(drivername=_PSYCOPG)
    try:
        # A connection that rested while cells ran for hours may have been cut off by then: try it first.
        return create_engine(url, pool_pre_ping=True)
    except NoSuchModuleError:
        raise InputError(f"{display_name(location)}: no such database {url.drivername!r}") from None
    except ModuleNotFoundError as error:
        missing = f"its driver {error.name!r} is not installed"
        if url.drivername == _PSYCOPG:
            missing = "not installed: pip install 't2bench[postgres]'"
        raise InputError(f"{display_name(location)}: {missing}") from None
    except ArgumentError as error:
        raise InputError(f"{display_name(location)}: {error}") from None


def take_turns(connection: Connection) -> None:
    """Until the transaction ends, have others wait who make the tables of a store in the same database.

    Two at once would fail in PostgreSQL, ``IF NOT EXISTS`` or not. In SQLite, where Python begins a transaction before
    the first row but not before a table, it begins here, so that nobody sees the tables of a store without its rows.
    """
    if connection.dialect.name == _POSTGRESQL:
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def display_name(location: str | Path) -> str:
    """The location as it may be printed: a URL without its password, wherever in it that stands."""
    if not _is_url(location):
        return str(location)
    url = _url(location)
    hidden = {key: "***" for key in url.query if "password" in key.lower()}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


def reason(error: Exception) -> str:
    """The database's own words, on one line."""
    words = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _is_url(location: str | Path) -> bool:
    return "://" in str(location)


def _url(location: str | Path) -> URL:
    if not _is_url(location):
        return URL.create("sqlite", database=str(location))
    try:
        return make_url(str(location))
    except (ArgumentError, ValueError):
        shown = str(location).partition("://")[0]  # what follows may hold a password
        raise InputError(f"store: '{shown}://...'; must be a path or an SQLAlchemy URL") from None


def _in_memory(url: URL) -> bool:
    """Whether SQLite would forget the database when it is closed."""
    name = (url.database or "").removeprefix("file:")
    return name in ("", ":memory:") or url.query.get("mode") == "memory"


def _sqlite(url: URL, create: bool) -> Engine:
    file = Path(url.database or "")
    if not create and not file.is_file():
        raise InputError(f"{url.database}: no such store")
    if not create and _lies_still(file):
        # In WAL mode a reader, too, would make files beside it.
        still = {"mode": "ro", "immutable": "1", "uri": "true"}
        url = url.set(database=file.absolute().as_uri()).update_query_dict(still)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        if create:
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; others that do so at the same moment are waited for, as SQLite itself does not."""
    end = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
        time.sleep(0.01)


def _lies_still(file: Path) -> bool:
    """Whether nothing can be written beside an SQLite file, and nothing that belongs to it stands there."""
    file = file.resolve()
    beside = (file.with_name(f"{file.name}{ending}") for ending in ("-wal", "-journal"))
    return not _writable(file.parent) and not any(path.exists() for path in beside)


def _writable(folder: Path) -> bool:
    read_only = hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY
    return os.access(folder, os.W_OK) and not read_only
