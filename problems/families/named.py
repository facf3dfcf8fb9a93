"""A scenario by its family's name, plain, in other sizes or with changes, and a seed: docs/problem.md, section 6.

Drawn families have a scenario a seed; the shipped ones are one scenario each, fitted to measurements.
"""

from __future__ import annotations

from problems.families.changed import changed_scenario
from problems.families.changes import (
    LARGEST_FACTOR,
    UNCHANGED,
    Changes,
    join_changes,
    meant_as_changed,
    split_changes,
)
from problems.families.drawn import FAMILIES, drawn_scenario
from problems.families.fitted import shipped_families, shipped_scenario, shipped_sizes
from problems.families.sizes import LARGEST_SIZE, Sizes, join, split
from problems.io.errors import InputError, meant
from problems.scenario import Scenario


def sized_family(
    name: str,
    *,
    models: int | None = None,
    users: int | None = None,
    slots: int | None = None,
    frames: int | None = None,
) -> str:
    """The name of a family in other sizes, such as ``paper-m20-n10-k10-t1``; what is None stays as it is.

    In its own sizes a family has no sizes in its name, and the factors of a name stand in the order of ``Changes``.
    What depends on the sizes follows them by the family's rules: budgets and bands by the users, the cache by the
    catalogue, sigma by N K, tau by its quantile. Raises InputError for an unknown name and a size below 1 or above
    ``LARGEST_SIZE``.
    """
    wanted = {"models": models, "users": users, "slots": slots, "frames": frames}
    for field, size in wanted.items():
        if size is not None and not 1 <= size <= LARGEST_SIZE:
            raise InputError(f"{field}: {size}; must be from 1 to {LARGEST_SIZE}")
    unchanged, changes = split_changes(_known(name))
    own, stated = split(unchanged)
    usual = own_sizes(own)
    sizes = (stated or usual)._replace(**{key: size for key, size in wanted.items() if size is not None})
    if sizes == usual:
        return join_changes(own, changes)
    if own in shipped_families():
        shipped_scenario(own, sizes)
    return join_changes(join(own, sizes), changes)


def changed_family(name: str, **factors: float) -> str:
    """The name of a family with changes, such as ``paper-cache-x0.5``; a factor of 1 is not in the name.

    ``factors`` are those of :class:`Changes`; what is not given stays as the name has it. Raises InputError for an
    unknown name and for factors that :func:`join_changes` refuses.
    """
    unchanged, changes = split_changes(sized_family(name))
    return join_changes(unchanged, changes._replace(**factors))


def own_sizes(family: str) -> Sizes:
    """M, N, K and T of a family whose plain name this is."""
    return FAMILIES[family].sizes if family in FAMILIES else shipped_sizes(family)


def family_purposes() -> dict[str, str]:
    """What every family is for, by its plain name."""
    return {name: family.purpose for name, family in FAMILIES.items()} | shipped_families()


def family_scenario(name: str, scenario_seed: int) -> Scenario:
    """The scenario that a family's name, plain, of :func:`sized_family` or of :func:`changed_family`, and a seed fix.

    With changes it is the scenario without them, so that all changes of a family share its models, with factors on
    what they name. Raises InputError for an unknown name, a seed below 0, one other than 0 of a shipped family, and
    for changes that :func:`changed_scenario` refuses.
    """
    if scenario_seed < 0:
        raise InputError(f"scenario seed: {scenario_seed}; must be >= 0")
    name = sized_family(name)
    unchanged, changes = split_changes(name)
    scenario = _unchanged(unchanged, scenario_seed)
    if changes == UNCHANGED:
        return scenario
    try:
        return changed_scenario(scenario, changes).model_copy(update={"family": name})
    except InputError as error:
        raise InputError(f"family: {name!r}; {error}") from None


def _unchanged(name: str, scenario_seed: int) -> Scenario:
    own, sizes = split(name)
    if own in FAMILIES:
        return drawn_scenario(name, scenario_seed)
    if scenario_seed > 0:
        raise InputError(f"scenario seed: {scenario_seed}; {own} is one scenario, with the seed 0")
    return shipped_scenario(own, sizes)


def _known(name: str) -> str:
    """The name itself. Raises InputError where it is no family's."""
    unchanged, changes = split_changes(name)
    own, sizes = split(unchanged)
    names = list(family_purposes())
    if own not in names:
        if meant_as_changed(name) in names:
            allowed = f"{', '.join(Changes._fields[:-1])} or {Changes._fields[-1]}, each once, such as -cache-x0.5"
            raise InputError(f"family: {name!r}; factors stand at its end and are of {allowed}")
        raise InputError(f"family: {name!r}{meant(own, names)} must be one of {', '.join(names)}")
    if sizes is not None and max(sizes) > LARGEST_SIZE:
        raise InputError(f"family: {name!r}; no size may exceed {LARGEST_SIZE}")
    if max(changes) > LARGEST_FACTOR:
        raise InputError(f"family: {name!r}; no factor may exceed {LARGEST_FACTOR}")
    return name
