"""Names to solvers.

A name is a solver's, a caching strategy's (its allocation is then ``exact``) or ``CACHING+ALLOCATION``.
Parts of other packages, learners among them, are found through the entry point group ``t2bench.solvers``;
``FILE.py:CLASS`` names a class in a file.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, NoReturn

from problems.io.errors import InputError, meant, shorten
from solvers import extras, file_parts, listing
from solvers.base import AllocationStrategy, CachingStrategy, NotInstalled, Solver
from solvers.listing import Description, NotReadable
from solvers.settings import build, shared_out
from solvers.two_timescale import TwoTimescale
from solvers.untrained import UntrainedAllocation, UntrainedCaching

GROUP = "t2bench.solvers"
OWN = "t2bench"
"""The distribution whose entry points come first."""
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
}

Part = (
    type[Solver] | type[CachingStrategy] | type[AllocationStrategy] | type[UntrainedCaching] | type[UntrainedAllocation]
)


@dataclass(frozen=True)
class Listed:
    """A registered part, as ``t2bench solvers`` shows it."""

    name: str
    says: Description | None
    """None where nobody can tell, because it cannot be loaded."""
    missing: str | None
    """Why it cannot be used here, or None."""

    @property
    def kind(self) -> str:
        """``solver``, ``caching`` or ``allocation``; ``solver`` where nobody can tell."""
        return "solver" if self.says is None else self.says.kind


def part_names() -> list[str]:
    """The names of all registered parts: those of ``solvers``, then those that packages offer as entry points."""
    return _names(_offered())


def _names(offered: Iterable[str]) -> list[str]:
    return [*BUILT_IN, *sorted(name for name in offered if name not in BUILT_IN)]


def _offered() -> dict[str, EntryPoint]:
    """The entry points of the group by name; of two with one name that of this distribution."""
    points = sorted(entry_points(group=GROUP), key=lambda point: point.dist is not None and point.dist.name == OWN)
    return {point.name: point for point in points}


def find_part(name: str) -> Part:
    """The class behind a single name. Raises InputError or NotInstalled."""
    if name in BUILT_IN:
        module, _, attribute = BUILT_IN[name].partition(":")
        part: Part = getattr(importlib.import_module(module), attribute)
        return part
    if file_parts.is_in_file(name):
        return _from_file(name)
    offered = _offered()
    if name not in offered:
        _refuse_unknown(name)
    return _checked(name, _loading(name, offered[name].load))


def _refuse_unknown(name: str) -> NoReturn:
    allowed = f"must be one of {', '.join(part_names())}, or CACHING+ALLOCATION"
    raise InputError(f"solver: {shorten(name)}{meant(name, part_names())} {allowed}")


def _from_file(name: str) -> Part:
    path, attribute = file_parts.split(name)
    if not path.is_file():
        raise InputError(f"solver: {shorten(str(path))}; no such Python file")
    module = _loading(str(path), lambda: file_parts.load(path))
    if not hasattr(module, attribute):
        raise InputError(f"solver: {path} has no class {attribute!r}")
    return _checked(name, getattr(module, attribute))


def _loading(name: str, load: Callable[[], Any]) -> Any:
    try:
        return load()
    except NotInstalled:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())
        raise InputError(f"solver: {name} fails on import: {type(error).__name__}: {reason}") from error


def _checked(name: str, part: Any) -> Part:
    kinds = (Solver, CachingStrategy, AllocationStrategy, UntrainedCaching, UntrainedAllocation)
    if not (isinstance(part, type) and issubclass(part, kinds) and dataclasses.is_dataclass(part)):
        allowed = "a dataclass that extends Solver, CachingStrategy or AllocationStrategy"
        raise InputError(f"solver: {name} is {shorten(part)}; must be {allowed}")
    if inspect.isabstract(part):
        raise InputError(f"solver: {name} lacks {', '.join(sorted(part.__abstractmethods__))}; must define all of them")
    return part


def kind_of(part: Part) -> str:
    """``solver``, ``caching`` or ``allocation``."""
    if issubclass(part, (CachingStrategy, UntrainedCaching)):
        return "caching"
    return "allocation" if issubclass(part, (AllocationStrategy, UntrainedAllocation)) else "solver"


def description(name: str) -> Description:
    """What the part behind a single name says of itself; imported only where its source does not tell.

    Raises InputError or NotInstalled.
    """
    return _description(name, _offered())


def _description(name: str, offered: Mapping[str, EntryPoint]) -> Description:
    try:
        if file_parts.is_in_file(name):
            return listing.describe_in_file(*file_parts.split(name))
        if name in BUILT_IN or name in offered:
            return listing.describe(BUILT_IN.get(name) or offered[name].value)
    except NotReadable:
        pass
    part: Any = find_part(name)
    said = part().capabilities if kind_of(part) == "solver" else part
    return listing.description_of(part, kind_of(part), said)


def listed() -> list[Listed]:
    """Every registered part, those that are not installed or cannot be loaded included."""
    rows, offered = [], _offered()
    for name in _names(offered):
        try:
            says = _description(name, offered)
        except NotInstalled as error:
            rows.append(Listed(name, None, f"not installed: {error}"))
        except InputError as error:
            rows.append(Listed(name, None, str(error)))
        else:
            command = None if says.extra is None else extras.missing(says.extra)
            rows.append(Listed(name, says, None if command is None else f"not installed: {command}"))
    return rows


def needs_training(name: str) -> bool:
    """Whether a solver, or a half of it, is trained before it answers; False for a name that is none."""
    for part in composite(name) or (name,):
        with contextlib.suppress(InputError, NotInstalled):
            if description(part).training:
                return True
    return False


def part_versions(name: str) -> list[str]:
    """What decides the code of a name beside this package: a file's content, a distribution's name and version."""
    found, offered = [], _offered()
    for part in composite(name) or (name,):
        if file_parts.is_in_file(part):
            path, _ = file_parts.split(part)
            found.append(file_parts.content_digest(path) if path.is_file() else "")
        elif part not in BUILT_IN and part in offered:
            dist = offered[part].dist
            if dist is not None and dist.name != OWN:
                found.append(f"{dist.name} {dist.version}")
    return found


def make_solver(name: str, settings: Mapping[str, Any] | None = None) -> Solver:
    """The solver of a name, with settings by field name.

    In a composite a setting goes to the part that has the field; ``caching.FIELD`` and
    ``allocation.FIELD`` say which where both have it. Raises InputError, or NotInstalled.
    """
    parts = _parts(name)
    made = [
        build(part, share, name) for part, share in zip(parts, shared_out(settings or {}, parts, name), strict=True)
    ]
    return made[0] if len(made) == 1 else TwoTimescale(*made)


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
    in_file = file_parts.is_in_file
    if whole is None or (not in_file(whole[1]) and in_file(whole[2]) and whole[1] not in part_names()):
        return None
    return whole[1], whole[2]
