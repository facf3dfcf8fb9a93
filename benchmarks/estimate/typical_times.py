"""What cells typically take, in units of the micro-solve: a shipped table, made from stores of measured runs.

``python -m benchmarks.estimate.typical_times STORE ...`` makes the table anew from the rows of these stores.
"""

from __future__ import annotations

import csv
import io
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple, Self

import pandas as pd

from benchmarks.process.outcome import COMPLETE
from benchmarks.store.store import Store
from problems.io.errors import InputError
from problems.io.files import read_bytes, write_bytes

FILE = Path(__file__).with_name("typical_times.csv")
"""The shipped table."""
_KEY = ["solver", "settings", "family", "frames", "slots", "users", "models", "coupled"]
_TIMES = ("status", "wall_s", "solve_s", "micro_solve_s")
_DIGITS = 3


class Size(NamedTuple):
    """T, K, N and M of an instance."""

    frames: int
    slots: int
    users: int
    models: int

    def ratio(self, other: Size) -> float:
        """How many times as many choices of a model for a user in a slot there are."""
        return math.prod(self) / math.prod(other)


@dataclass(frozen=True)
class TypicalTime:
    """The mean of measured cells of a solver with some settings on a family."""

    solver: str
    settings: str
    """Canonical JSON."""
    family: str
    frames: int
    slots: int
    users: int
    models: int
    coupled: bool
    """Whether a deadline couples the budgets."""
    solve: float
    """What the solve took, in units of :func:`benchmarks.machine.micro_solve.micro_solve_s`."""
    rest: float
    """What the cell took besides, for its process and the judge."""
    limited: bool
    """Whether the time limit ended most of them: nothing is known but that they take long."""

    @property
    def size(self) -> Size:
        """That of its instances."""
        return Size(self.frames, self.slots, self.users, self.models)


class Expected(NamedTuple):
    """What a cell is expected to take."""

    units: float
    limited: bool
    """Whether it is expected to take all the time that it is given, however long."""


class TypicalTimes:
    """The table, which knows nothing of solvers and settings that were never measured."""

    def __init__(self, times: Iterable[TypicalTime]) -> None:
        self._times: dict[tuple[str, str], list[TypicalTime]] = {}
        for time in times:
            self._times.setdefault((time.solver, time.settings), []).append(time)

    @classmethod
    def read(cls, path: Path = FILE) -> Self:
        """The table of a file. Raises InputError for what is none."""
        try:
            return cls(map(_of_record, csv.DictReader(io.StringIO(read_bytes(path).decode()))))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}: not a table of typical times: {error}") from None

    def of(self, solver: str, settings: str, family: str, size: Size, coupled: bool) -> Expected | None:
        """Of the same family what was measured; else of the one whose size is nearest, in proportion to the sizes.

        Whether a deadline couples the budgets counts before the size. None for what was never measured.
        """
        known = self._times.get((solver, settings))
        if known is None:
            return None

        def distance(time: TypicalTime) -> tuple[bool, bool, float]:
            return time.family != family, time.coupled != coupled, abs(math.log(size.ratio(time.size)))

        time = min(known, key=distance)
        growth = 1.0 if time.family == family else size.ratio(time.size)
        return Expected(growth * time.solve + time.rest, time.limited)


def typical_times(rows: pd.DataFrame) -> list[TypicalTime]:
    """The table of the cells that ended with an answer or at the time limit.

    ``rows`` are those of a store, with ``coupled``: whether a deadline couples the budgets of the instance.
    """
    timed = rows[rows["status"].isin((*COMPLETE, "timeout")) & rows["micro_solve_s"].notna()]
    timed = timed.assign(
        solve=timed["solve_s"] / timed["micro_solve_s"],
        rest=(timed["wall_s"] - timed["solve_s"]) / timed["micro_solve_s"],
        limited=timed["status"] == "timeout",
    )
    # A run's first cells wait until the solvers are imported, so that the median is what the others take.
    means = timed.groupby(_KEY).agg({"solve": "mean", "rest": "median", "limited": "mean"}).reset_index()
    means["limited"] = means["limited"] > 0.5
    return [TypicalTime(**{str(name): value for name, value in record.items()}) for record in means.to_dict("records")]


def csv_text(times: Sequence[TypicalTime]) -> str:
    """The table as the text of its file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in fields(TypicalTime)])
    writer.writerows([_shown(getattr(time, field.name)) for field in fields(TypicalTime)] for time in times)
    return text.getvalue()


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return f"{value:.{_DIGITS}g}" if isinstance(value, float) else value


def _of_record(record: dict[str, str]) -> TypicalTime:
    makers: dict[str, Callable[[str], Any]] = {
        "str": str,
        "int": int,
        "float": float,
        "bool": lambda text: bool(int(text)),
    }
    return TypicalTime(**{field.name: makers[str(field.type)](record[field.name]) for field in fields(TypicalTime)})


def rows_of(store: Store) -> pd.DataFrame:
    """The rows that :func:`typical_times` takes."""
    rows = store.rows(*_KEY[:-1], *_TIMES, "instance_sha256")
    hashes = rows.groupby("family")["instance_sha256"].first()
    coupled = {family: store.instance(sha256).system.couples_budgets for family, sha256 in hashes.items()}
    return rows.assign(coupled=rows["family"].map(coupled))


def main(locations: Sequence[str]) -> int:
    """Write the shipped table from these stores."""
    if not locations:
        print(__doc__, file=sys.stderr)
        return 2
    found = []
    for location in locations:
        with Store.open(location) as store:
            found.append(rows_of(store))
    times = typical_times(pd.concat(found))
    write_bytes(FILE, csv_text(times).encode())
    print(f"{FILE}: {len(times)} typical times")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
