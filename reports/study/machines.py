"""Where and with what the cells were measured."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd

from reports.study.cells import present
from reports.study.study import Study
from reports.writing.numbers import counted


def machines(study: Study) -> list[str]:
    """Every machine of the study, such as ``AMD EPYC 7B13 (2 cores)``."""
    return _distinct(study, lambda row: _machine(row["processor"], row["cores"]), ["processor", "cores"])


def measured(study: Study) -> str:
    """A sentence for captions: with how many seeds the solvers ran, and where."""
    seeds = study.cells.groupby(["label", "instance_sha256"])["seed"].nunique()
    fewest, most = int(seeds.min()), int(seeds.max())
    many = f"{fewest} to {most} seeds" if fewest < most else f"{counted(most, 'seed')} each"
    return f"Solvers ran with {many}, on {' and '.join(machines(study))}."


def versions(study: Study) -> list[str]:
    """Every set of versions: t2bench with its revision, Python, the libraries."""
    return _distinct(study, _version, ["t2bench_version", "git_revision", "python", "libraries"])


def period(study: Study) -> str:
    """From the first to the last start of a cell; empty where none is recorded."""
    starts = sorted({present(value) for value in study.cells["started_at"]} - {""})
    if not starts:
        return ""
    return starts[0] if starts[0] == starts[-1] else f"{starts[0]} to {starts[-1]}"


def limits_of_cells(study: Study) -> str:
    """The limits that the cells ran under."""
    units = (("time_limit_s", "s"), ("memory_limit_gb", "GB"), ("cpu_limit_s", "CPU s"))
    times, memories, processor = (_values(study.cells[name], unit) for name, unit in units)
    found = [times or "no time limit", memories or "no memory limit", processor]
    return f"{', '.join(filter(None, found))} a cell"


def _values(column: pd.Series, unit: str) -> str:
    values = sorted(column.dropna().unique())
    return " or ".join(f"{value:g} {unit}" for value in values) + (" or none" if values and column.isna().any() else "")


def _distinct(study: Study, words: Callable[[pd.Series], str], columns: list[str]) -> list[str]:
    known = study.cells[columns].drop_duplicates()
    return sorted({words(row) for _, row in known.iterrows()} - {""})


def _machine(processor: object, cores: object) -> str:
    name = present(processor) or "unknown processor"
    return f"{name} ({counted(int(str(cores).partition('.')[0]), 'core')})" if present(cores) else name


def _version(row: pd.Series) -> str:
    commit, dash, dirty = present(row["git_revision"]).partition("-")
    revision = commit[:12] + dash + dirty
    parts = [
        f"t2bench {present(row['t2bench_version'])}".strip() + (f" (revision {revision})" if revision else ""),
        f"Python {present(row['python'])}" if present(row["python"]) else "",
        _libraries(present(row["libraries"])),
    ]
    return ", ".join(part for part in parts if part)


def _by_name(library: tuple[str, str]) -> str:
    return library[0].casefold()


def _libraries(text: str) -> str:
    try:
        libraries = json.loads(text or "{}")
    except json.JSONDecodeError:
        return text
    if not isinstance(libraries, dict):
        return text
    return ", ".join(f"{name} {version}" for name, version in sorted(libraries.items(), key=_by_name))
