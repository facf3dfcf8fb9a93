"""Names to solvers.

A name is a solver's, a caching strategy's (its allocation is then ``exact``) or ``CACHING+ALLOCATION``.
Parts of other packages are found through the entry point group ``t2bench.solvers``; ``FILE.py:CLASS``
names a class in a file.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import inspect
import re
import sys
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from problems.io import files
from problems.io.errors import InputError, from_validation, shorten
from solvers.base import AllocationStrategy, CachingStrategy, NotInstalled, Solver
from solvers.two_timescale import TwoTimescale

GROUP = "t2bench.solvers"
DEFAULT_ALLOCATION = "exact"

BUILT_IN: dict[str, str] = {
    "none": "solvers.caching.none:NoCaching",
    "random": "solvers.caching.random:RandomCaching",
    "greedy-popularity": "solvers.caching.greedy_popularity:GreedyPopularity",
    "greedy-benefit": "solvers.caching.greedy_benefit:GreedyBenefit",
    "lru": "solvers.caching.lru:LeastRecentlyUsed",
    "lfu": "solvers.caching.lfu:LeastFrequentlyUsed",
    "static": "solvers.caching.static:StaticCaching",
    "myopic": "solvers.caching.myopic:Myopic",
    "online-optimal": "solvers.caching.online_optimal:OnlineOptimal",
    "saa": "solvers.caching.saa:SampleAverage",
    "exhaustive": "solvers.caching.exhaustive:Exhaustive",
    "branch-and-bound": "solvers.caching.branch_and_bound:BranchAndBound",
    "milp-relaxation": "solvers.caching.milp_relaxation:MilpRelaxation",
    "lagrangian": "solvers.caching.lagrangian:Lagrangian",
    "local-search": "solvers.caching.local_search:LocalSearch",
    "equal": "solvers.allocation.equal:EqualAllocation",
    "exact": "solvers.allocation.exact:ExactAllocation",
    "convex": "solvers.allocation.convex:ConvexAllocation",
    "slsqp": "solvers.allocation.slsqp:SlsqpAllocation",
    "genetic": "solvers.allocation.genetic:GeneticAllocation",
    "brute-force": "solvers.joint.brute_force:BruteForce",
    "milp": "solvers.joint.milp:Milp",
    "scip": "solvers.joint.scip:Scip",
    "bonmin": "solvers.joint.bonmin:Bonmin",
    "portfolio": "solvers.joint.portfolio:Portfolio",
    "ddqn": "t2drl.strategies.specialist:Ddqn",
    "d3pg": "t2drl.strategies.specialist:D3pg",
    "ddpg": "t2drl.strategies.specialist:Ddpg",
    "td3": "t2drl.strategies.sb3:Td3",
    "sac": "t2drl.strategies.sb3:Sac",
    "t2drl": "t2drl.strategies.specialist:T2drl",
    "t2drl-best-of": "t2drl.strategies.specialist:T2drlBestOf",
    "t2drl-paper": "t2drl.strategies.specialist:T2drlPaper",
    "generalist": "t2drl.strategies.generalist:Generalist",
}

Part = type[Solver] | type[CachingStrategy] | type[AllocationStrategy]


class SettingError(InputError):
    """A setting that a solver does not take."""

    def __init__(self, solver: str, setting: str, complaint: str) -> None:
        super().__init__(f"solver {solver}: setting {setting}: {complaint}")
        self.setting = setting
        self.complaint = complaint


@dataclass(frozen=True)
class Listed:
    """A registered part, as ``t2bench solvers`` shows it."""

    name: str
    kind: str
    """``solver``, ``caching`` or ``allocation``."""
    part: Part | None
    missing: str | None
    """Why it cannot be used here, or None."""


def part_names() -> list[str]:
    """The names of all registered parts: those of this package, then those of others."""
    others = sorted({point.name for point in entry_points(group=GROUP)})
    return [*BUILT_IN, *(name for name in others if name not in BUILT_IN)]


@cache
def find_part(name: str) -> Part:
    """The class behind a single name. Raises InputError or NotInstalled."""
    if name in BUILT_IN:
        return _imported(BUILT_IN[name])
    for point in entry_points(group=GROUP):
        if point.name == name:
            return _checked(name, _importing(name, point.load))
    if ".py:" in name:
        return _from_file(name)
    near = get_close_matches(name, part_names(), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise InputError(f"solver: {shorten(name)}; must be one of {', '.join(part_names())}, or CACHING+ALLOCATION{hint}")


def has_learner(name: str) -> bool:
    """Whether a learner of this package is behind a name or a part of it; imports none."""
    return any(BUILT_IN.get(part, "").startswith("t2drl.") for part in composite(name) or (name,))


def part_versions(name: str) -> list[str]:
    """What decides the code of a name beside this package: a file's content, a distribution's name and version."""
    found = []
    for part in composite(name) or (name,):
        if ".py:" in part:
            path = Path(part.rpartition(":")[0])
            found.append(sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
        elif part not in BUILT_IN:
            points = [point for point in entry_points(group=GROUP) if point.name == part]
            found += [f"{point.dist.name} {point.dist.version}" for point in points if point.dist]
    return found


def _importing(name: str, load: Callable[[], Any]) -> Any:
    try:
        return load()
    except NotInstalled:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())
        raise InputError(f"solver: {name} fails on import: {type(error).__name__}: {reason}") from None


def _imported(target: str) -> Part:
    module, _, attribute = target.partition(":")
    part: Part = getattr(importlib.import_module(module), attribute)
    return part


def _from_file(name: str) -> Part:
    file, _, attribute = name.rpartition(":")
    path = Path(file).resolve()
    spec = importlib.util.spec_from_file_location(f"t2bench_file_{sha256(str(path).encode()).hexdigest()[:12]}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise InputError(f"solver: {shorten(file)}; no such Python file")
    loader, module = spec.loader, importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        _importing(file, lambda: loader.exec_module(module))
    except Exception:
        del sys.modules[spec.name]
        raise
    if not hasattr(module, attribute):
        raise InputError(f"solver: {file} has no class {attribute!r}")
    return _checked(name, getattr(module, attribute))


def _checked(name: str, part: Any) -> Part:
    kinds = (Solver, CachingStrategy, AllocationStrategy)
    if not (isinstance(part, type) and issubclass(part, kinds) and dataclasses.is_dataclass(part)):
        allowed = "a dataclass that extends Solver, CachingStrategy or AllocationStrategy"
        raise InputError(f"solver: {name} is {shorten(part)}; must be {allowed}")
    if inspect.isabstract(part):
        raise InputError(f"solver: {name} lacks {', '.join(sorted(part.__abstractmethods__))}; must define all of them")
    return part


def kind_of(part: Part) -> str:
    """``solver``, ``caching`` or ``allocation``."""
    if issubclass(part, CachingStrategy):
        return "caching"
    return "allocation" if issubclass(part, AllocationStrategy) else "solver"


def listed() -> list[Listed]:
    """Every registered part, those that are not installed or cannot be loaded included."""
    rows = []
    for name in part_names():
        try:
            part = find_part(name)
        except NotInstalled as error:
            rows.append(Listed(name, "solver", None, f"not installed: {error}"))
        except InputError as error:
            rows.append(Listed(name, "solver", None, str(error)))
        else:
            rows.append(Listed(name, kind_of(part), part, None))
    return rows


def make_solver(name: str, settings: Mapping[str, Any] | None = None) -> Solver:
    """The solver of a name, with settings by field name.

    In a composite a setting goes to the part that has the field; ``caching.FIELD`` and
    ``allocation.FIELD`` say which where both have it. Raises InputError, or NotInstalled.
    """
    settings = dict(settings or {})
    parts = _parts(name)
    if len(parts) == 1:
        solver = _build(parts[0], settings, name)
        assert isinstance(solver, Solver)
        return solver
    shares: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for key, value in settings.items():
        owner, field = _owner(key, parts, name)
        shares[owner][field] = value
    caching, allocation = (_build(part, share, name) for part, share in zip(parts, shares, strict=True))
    return TwoTimescale(caching, allocation)


def _parts(name: str) -> tuple[Part, ...]:
    words = composite(name)
    if words is None:
        part = find_part(name)
        if kind_of(part) == "allocation":
            raise InputError(f"solver: {name!r} is an allocation strategy; must be paired, as in exhaustive+{name}")
        return (part,) if kind_of(part) == "solver" else (part, find_part(DEFAULT_ALLOCATION))
    parts = (find_part(words[0]), find_part(words[1]))
    for part, kind, word in zip(parts, ("caching", "allocation"), words, strict=True):
        if kind_of(part) != kind:
            raise InputError(f"solver: {name!r}: {word!r} is no {kind} strategy; must be CACHING+ALLOCATION")
    return parts


def composite(name: str) -> tuple[str, str] | None:
    """Both halves of ``CACHING+ALLOCATION``; None for a single name, such as a file's with a plus in its path."""
    whole = re.fullmatch(r"(.*\.py:\w+|[^+]*)\+(.*)", name)
    if whole is None or (".py:" not in whole[1] and ".py:" in whole[2] and whole[1] not in part_names()):
        return None
    return whole[1], whole[2]


def _owner(key: str, parts: tuple[Part, ...], name: str) -> tuple[int, str]:
    kinds = ("caching", "allocation")
    prefix, _, field = key.partition(".")
    if field and prefix in kinds:
        return kinds.index(prefix), field
    owners = [i for i, part in enumerate(parts) if key in _fields(part)]
    if len(owners) == 2:
        raise SettingError(name, key, f"is in both parts; write caching.{key} or allocation.{key}")
    return (owners[0], key) if owners else (0, _unknown_setting(key, parts, name))


def _fields(part: Part) -> list[str]:
    return [field.name for field in dataclasses.fields(typing.cast(Any, part)) if field.init]


def _unknown_setting(key: str, parts: tuple[Part, ...], name: str) -> typing.NoReturn:
    known = [field for part in parts for field in _fields(part)]
    near = get_close_matches(key, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    allowed = f"must be one of {', '.join(known)}" if known else "it has no settings"
    raise SettingError(name, key, f"unknown; {allowed}{hint}")


def _build(part: Part, settings: Mapping[str, Any], name: str) -> Any:
    for key in settings:
        if key not in _fields(part):
            _unknown_setting(key, (part,), name)
    types = typing.get_type_hints(part)
    values = {}
    for key, value in settings.items():
        adapter: TypeAdapter[Any] = TypeAdapter(types[key], config=ConfigDict(strict=True, allow_inf_nan=False))
        try:
            values[key] = adapter.validate_python(value)
        except ValidationError as error:
            line = str(from_validation(error)).removeprefix(": ")
            raise SettingError(name, key, line) from None
    for field in dataclasses.fields(typing.cast(Any, part)):
        without_default = field.default is field.default_factory is dataclasses.MISSING
        if field.init and without_default and field.name not in values:
            raise SettingError(name, field.name, "missing; required")
    try:
        return part(**values)
    except ValueError as error:
        raise InputError(f"solver {name}: {error}") from None


def parse_settings(pairs: list[str]) -> dict[str, Any]:
    """``["key=value", ...]`` with YAML values as a mapping. Raises InputError."""
    settings = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals or not key:
            raise InputError(f"--set: {pair!r}; must be key=value")
        try:
            settings[key] = files.parse_yaml(f"value:\n  {text}".encode())["value"]
        except InputError:
            raise InputError(f"--set {key}: {text!r}; must be a YAML value") from None
    return settings
