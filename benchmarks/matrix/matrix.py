"""A matrix: solvers x instances x repetitions, as cells."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Container
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator

from benchmarks.machine.code_version import code_version
from benchmarks.machine.limits import MOST_CPU_S, MOST_MEMORY_GB
from benchmarks.matrix.cell import Cell, InstanceRecipe, canonical_json
from benchmarks.matrix.family_entry import FamilyEntry, as_entry, is_scenario_file, names_for
from problems.families.changes import plain_name
from problems.families.fitted import shipped_families
from problems.families.named import family_scenario
from problems.io.errors import InputError, shorten
from problems.scenario import Scenario, Seed, read_scenario
from solvers.file_parts import is_in_file
from solvers.registry import composite

_RANGES = re.compile(r"\s*\d+\s*(-\s*\d+\s*)?(,\s*\d+\s*(-\s*\d+\s*)?)*")
_MAX_SEEDS = 100_000


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _seeds(value: Any) -> Any:
    """``3``, ``"0-4"`` or ``"0-2, 7"`` as the seeds that it names."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (value,)
    if not isinstance(value, str):
        return _tuple(value)
    if not _RANGES.fullmatch(value):
        raise ValueError(f"{shorten(value)}; must be a list of whole numbers >= 0 or text such as '0-4'")
    seeds: list[int] = []
    for part in value.split(","):
        first, _, last = part.partition("-")
        low, high = int(first), int(last or first)
        if high < low or high - low >= _MAX_SEEDS:
            raise ValueError(f"{shorten(value)}; a range must go up, through at most {_MAX_SEEDS} seeds")
        seeds += range(low, high + 1)
    return tuple(seeds)


Word = Annotated[str, Field(min_length=1)]
Families = Annotated[
    tuple[Annotated[FamilyEntry, BeforeValidator(as_entry)], ...], BeforeValidator(_tuple), Field(min_length=1)
]
Seeds = Annotated[tuple[Seed, ...], BeforeValidator(_seeds), Field(min_length=1)]
TimeLimit = Annotated[float, Field(gt=0)] | None
MemoryLimit = Annotated[float, Field(gt=0, le=MOST_MEMORY_GB)] | None
CpuLimit = Annotated[float, Field(gt=0, le=MOST_CPU_S)] | None


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class SolverEntry(_Part):
    """A solver with its settings."""

    name: Word
    """As in ``t2bench solvers``, or ``FILE.py:CLASS`` relative to the matrix."""
    label: Word | None = None
    """Its name in tables; by default the name and the settings."""
    settings: dict[str, JsonValue] = {}
    families: Annotated[tuple[Word, ...], BeforeValidator(_tuple), Field(min_length=1)] | None = None
    """Those of the matrix that it is tried on, as :func:`names_for` has them; by default all."""
    repetitions: Annotated[int, Field(ge=1)] | None = None
    """By default the matrix's; for a learner, training seeds."""
    time_limit_s: TimeLimit = None
    """By default the matrix's."""
    memory_limit_gb: MemoryLimit = None
    """By default the matrix's."""
    cpu_limit_s: CpuLimit = None
    """By default the matrix's."""

    def takes(self, source: str) -> bool:
        """Whether it is tried on the family of this name, or on this scenario file."""
        return self.families is None or not names_for(source).isdisjoint(self.families)

    @property
    def short_name(self) -> str:
        """The name, without the folders of files."""
        parts = composite(self.name) or (self.name,)
        return "+".join(part.rpartition("/")[2] if is_in_file(part) else part for part in parts)

    @property
    def title(self) -> str:
        """The label, or what stands for it."""
        if self.label is not None:
            return self.label
        settings = ", ".join(f"{key}={value}" for key, value in self.settings.items())
        return f"{self.short_name} ({settings})" if settings else self.short_name


class Matrix(_Part):
    """The content of a matrix file, checked."""

    format: Literal["t2bench-matrix"]
    version: Literal[1]
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    purpose: str = ""
    """What it is for, in a line."""
    solvers: Annotated[tuple[SolverEntry, ...], BeforeValidator(_tuple), Field(min_length=1)]
    families: Families
    """Names of families, paths of scenario YAML files relative to the matrix, or families with sizes and factors."""
    scenario_seeds: Seeds = (0,)
    """Of families that are drawn; a scenario file is one scenario, and so is a family fitted to measurements."""
    trace_seeds: Seeds = (0,)
    repetitions: Annotated[int, Field(ge=1)] = 1
    time_limit_s: TimeLimit = 60.0
    """Wall-clock seconds a cell; null is no limit."""
    memory_limit_gb: MemoryLimit = 4.0
    """Resident memory of a cell, libraries included; null is no limit."""
    cpu_limit_s: CpuLimit = None
    """Processor seconds of a cell, those of all that it starts included; null is no limit."""
    seed: Seed = 0
    """Of the first repetition; each further one adds 1."""

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        _refuse_repeats("scenario_seeds", self.scenario_seeds)
        _refuse_repeats("trace_seeds", self.trace_seeds)
        for source in self._sources:
            _refuse_repeats("solvers", [entry.title if entry.takes(source) else None for entry in self.solvers])
            self._refuse_one_under_two_labels(source)
        known = {name for source in self._sources for name in names_for(source)}
        for i, entry in enumerate(self.solvers):
            for family in entry.families or ():
                if family not in known:
                    allowed = ", ".join(sorted(known))
                    raise ValueError(f"solvers[{i}].families: {family!r}; must be among the matrix's: {allowed}")
        return self

    def _refuse_one_under_two_labels(self, source: str) -> None:
        """Of two entries that ask the same of a solver, one would have no cell."""
        first: dict[str, SolverEntry] = {}
        for i, entry in enumerate(self.solvers):
            if entry.takes(source):
                asked = canonical_json([entry.name, entry.settings, self._limits(entry)])
                other = first.setdefault(asked, entry)
                if other is not entry:
                    raise ValueError(
                        f"solvers[{i}]: {entry.title!r} is {other.title!r} under another label; "
                        "must have another solver, other settings or other limits"
                    )

    def _limits(self, entry: SolverEntry) -> dict[str, float | None]:
        """The limits of a solver's cells."""
        names = "time_limit_s", "memory_limit_gb", "cpu_limit_s"
        return {name: getattr(entry, name) or getattr(self, name) for name in names}

    @cached_property
    def _sources(self) -> dict[str, str]:
        """Every family of every entry, and every scenario file, once, with the place of its entry."""
        sources: dict[str, str] = {}
        for i, entry in enumerate(self.families):
            place = f"families[{i}]"
            if entry in self.families[:i]:
                raise ValueError(f"{place}: {entry.family!r} stands twice")
            try:
                names = entry.names()
            except InputError as error:
                raise error.within(place) from None
            for name in names:
                sources.setdefault(name, place)
        return sources

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of all families, sizes and factors included, and the path of every scenario file."""
        return tuple(self._sources)

    def cells(self, solvers: Container[str] | None = None, sources: Container[str] | None = None) -> list[Cell]:
        """All cells, those of an instance together; of two with the same address the first.

        ``solvers`` (titles), ``sources``: the cells of these alone.
        """
        entries = [entry for entry in self.solvers if solvers is None or entry.title in solvers]
        versions = {entry.name: code_version(entry.name) for entry in entries}
        cells: dict[str, Cell] = {}
        for recipe in self.recipes(sources):
            sha256 = recipe.instance().sha256
            tried = (
                (e, r) for e in entries if e.takes(recipe.source) for r in range(e.repetitions or self.repetitions)
            )
            for entry, repetition in tried:
                cell = Cell(
                    matrix=self.name,
                    recipe=recipe,
                    instance_sha256=sha256,
                    label=entry.title,
                    solver=entry.name,
                    code_version=versions[entry.name],
                    settings=entry.settings,
                    repetition=repetition,
                    seed=self.seed + repetition,
                    **self._limits(entry),
                )
                cells.setdefault(cell.cell_id, cell)
        return list(cells.values())

    def recipes(self, sources: Container[str] | None = None) -> list[InstanceRecipe]:
        """The instances; ``sources``: of these alone.

        Raises InputError for unknown families and scenario files that cannot be read.
        """
        recipes = []
        for source, place in self._sources.items():
            if sources is not None and source not in sources:
                continue
            if is_scenario_file(source):
                scenarios = [_at(place, read_scenario, Path(source))]
            else:
                seeds = (0,) if plain_name(source) in shipped_families() else self.scenario_seeds
                scenarios = [_at(place, family_scenario, source, seed) for seed in seeds]
            recipes += [
                InstanceRecipe(source, scenario, seed)
                for scenario, seed in itertools.product(scenarios, self.trace_seeds)
            ]
        return recipes


def _refuse_repeats(field: str, values: Any) -> None:
    seen = set()
    for i, value in enumerate(values):
        if value is not None and value in seen:
            raise ValueError(f"{field}[{i}]: {value!r} stands twice")
        seen.add(value)


def _at(place: str, make: Callable[..., Scenario], *arguments: object) -> Scenario:
    try:
        return make(*arguments)
    except InputError as error:
        raise error.within(place) from None
