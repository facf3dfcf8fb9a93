"""The shipped table of references: files that hold, for each instance, caches and prices which anybody can judge.

A value is what the judge says of the caches with exact allocation, a priced bound what the prices prove; both are
recomputed before they count. What a search proved beyond that is its word, with the command that repeats it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from problems.certificates.file import ARRAYS
from problems.families.named import family_purposes
from problems.io.errors import InputError
from problems.io.files import read_bytes, write_bytes
from problems.io.json_document import check_header, parse_json
from problems.prices import Prices

FORMAT = "t2bench-references"
FOLDER = Path(__file__).parent / "shipped"
"""Where the shipped files are, one a family."""


@dataclass(frozen=True)
class Proof:
    """An exact method that proved the value optimal: its bound is the word of its search."""

    solver: str
    lower_bound: float


@dataclass(frozen=True, eq=False)
class Entry:
    """What is known of one instance of a named family."""

    family: str
    scenario_seed: int
    trace_seed: int
    instance_sha256: str
    value: float
    """The judged cost of ``cache`` with exact allocation."""
    bound: float | None
    """The best lower bound, a search's included."""
    priced_bound: float | None
    """What ``prices`` prove."""
    source: str
    """As :attr:`benchmarks.references.reference.Reference.source`."""
    proofs: tuple[Proof, ...]
    command: str
    """Writes the instance and solves it to this value."""
    cache: np.ndarray
    """(T, M) of 0 and 1."""
    prices: Prices | None

    @property
    def name(self) -> str:
        """The instance's name."""
        return f"{self.family}-s{self.scenario_seed}-t{self.trace_seed}"


def covered_families(folder: Path | None = None) -> list[str]:
    """The families that the table in a folder, by default the shipped one, covers."""
    return [family for family in family_purposes() if _file(family, folder).is_file()]


def read_entries(family: str, folder: Path | None = None) -> list[Entry]:
    """The entries of a family. Raises InputError that names the file."""
    path = _file(family, folder)
    content = read_bytes(path)
    try:
        document = parse_json(content)
        check_header(document, FORMAT)
        return [_entry(family, record) for record in document["references"]]
    except InputError as error:
        raise error.within(str(path)) from None
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: not a table of references: {type(error).__name__}: {error}") from None


def write_entries(family: str, entries: Sequence[Entry], folder: Path | None = None) -> Path:
    """Write the file of a family, a line an instance. Raises InputError when it cannot be written."""
    lines = ",\n".join(json.dumps(_record(entry), allow_nan=False) for entry in entries)
    path = _file(family, folder)
    head = f'{{"format": "{FORMAT}", "version": 1, "family": "{family}", "references": [\n'
    write_bytes(path, f"{head}{lines}\n]}}\n".encode())
    return path


def _file(family: str, folder: Path | None) -> Path:
    return (folder or FOLDER) / f"{family}.json"


def _record(entry: Entry) -> dict[str, Any]:
    record = {name: getattr(entry, name) for name in Entry.__dataclass_fields__ if name != "family"}
    record["proofs"] = [asdict(proof) for proof in entry.proofs]
    record["cache"] = ["".join(map(str, row)) for row in entry.cache.astype(int)]
    prices = entry.prices
    record["prices"] = None if prices is None else {name: getattr(prices, name).tolist() for name in ARRAYS}
    return record


def _entry(family: str, record: dict[str, Any]) -> Entry:
    fields = dict(record)
    fields["proofs"] = tuple(Proof(**proof) for proof in record["proofs"])
    fields["cache"] = np.array([list(map(int, row)) for row in record["cache"]])
    if record["prices"] is not None:
        fields["prices"] = Prices(**{name: np.array(record["prices"][name], dtype=float) for name in ARRAYS})
    return Entry(family=family, **fields)
