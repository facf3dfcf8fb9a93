"""A PostgreSQL server of the tests' own: in a temporary folder, reached through a socket in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

USER = "t2bench"
_NOBODY = "nobody"
"""Who runs it where the tests are run by root, whom it refuses."""
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
_numbers = count()


def _programs() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((place for place in reversed(places) if (place / "initdb").exists()), None)


class PostgreSql:
    """A running server."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(folder, _NOBODY)
            self._as = {"user": _NOBODY}
        self._data = folder / "data"
        self._run("initdb", "-D", self._data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync")
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), **_FAST}
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self._run("pg_ctl", "-D", self._data, "-l", folder / "log", "-w", "start")

    def database(self) -> str:
        """The URL of a new, empty database, with a password that the server does not ask for."""
        name = f"store{next(_numbers)}"
        self._run("createdb", "-h", self._folder, "-U", USER, name)
        return f"postgresql://{USER}:secret@/{name}?host={self._folder}"

    def stop(self) -> None:
        """End it at once."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")

    def _run(self, program: str, *words: object) -> None:
        command = [str(self._programs / program), *map(str, words)]
        subprocess.run(command, cwd=self._folder, stdout=subprocess.DEVNULL, check=True, **self._as)


@contextmanager
def postgresql() -> Iterator[PostgreSql]:
    """A server, stopped and removed afterwards; skips the test where PostgreSQL or its driver is not installed."""
    pytest.importorskip("psycopg", reason="pip install 't2bench[postgres]'")
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed; tests/scripts/install-postgresql.sh does it")
    folder = Path(tempfile.mkdtemp(prefix="t2pg"))  # short, as the name of a socket must be
    try:
        server = PostgreSql(programs, folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
