"""An entry of a matrix's ``families``: a name, a scenario file, or a family in other sizes and with changes."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from problems.families.changes import Changes, plain_name
from problems.families.named import changed_family, own_sizes, sized_family
from problems.families.sizes import Sizes, join
from problems.io.errors import InputError, shorten


def _sizes(value: Any) -> Any:
    """``20`` or ``[10, 20]`` as the sizes that it names."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (value,)
    if isinstance(value, list):
        return tuple(value)
    raise ValueError(f"{shorten(value)}; must be a whole number or a list of whole numbers")


def _factors(value: Any) -> Any:
    """``0.5`` or ``[0.5, 2]`` as the factors that it names."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (value,)
    if isinstance(value, list):
        return tuple(value)
    raise ValueError(f"{shorten(value)}; must be a number or a list of numbers")


_Axis = Annotated[tuple[int, ...], BeforeValidator(_sizes), Field(min_length=1)]
_Factors = Annotated[tuple[float, ...], BeforeValidator(_factors), Field(min_length=1)]


class FamilyEntry(BaseModel):
    """A family in every combination of the sizes and factors listed; what is not named is the family's own."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    family: Annotated[str, Field(min_length=1)]
    """A family's name, or the path of a scenario's YAML file, which has sizes of its own."""
    models: _Axis | None = None
    """M: a number or several."""
    users: _Axis | None = None
    """N."""
    slots: _Axis | None = None
    """K, slots a frame."""
    frames: _Axis | None = None
    """T."""
    cache: _Factors | None = None
    """Factors of the cache's capacity: a number or several."""
    bandwidth: _Factors | None = None
    """Of both bands."""
    steps: _Factors | None = None
    """Of the step budget."""
    skew: _Factors | None = None
    """Of every state's Zipf exponent."""
    latency: _Factors | None = None
    """Of the weight of latency."""

    def names(self) -> list[str]:
        """The families that the entry stands for, by their names, or the path. Raises InputError."""
        sizes, factors = self._named(Sizes._fields), self._named(Changes._fields)
        if is_scenario_file(self.family):
            for kind, named in (("sizes", sizes), ("factors", factors)):
                if named:
                    raise InputError(f"{self.family}: {kind} of {', '.join(named)}; a scenario file states its own")
            return [self.family]
        names = [
            changed_family(sized_family(self.family, **size), **factor)
            for size in _combinations(sizes)
            for factor in _combinations(factors)
        ]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise InputError(f"{shorten(name)} stands twice")
        return names

    def _named(self, fields: Sequence[str]) -> dict[str, Sequence[Any]]:
        return {field: values for field in fields if (values := getattr(self, field)) is not None}


def _combinations(axes: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def names_for(source: str) -> set[str]:
    """What a matrix may call one of its families: its name, and its plain name, which stands for all sizes and changes.

    A plain family has a name for itself alone, too: the one with its sizes.
    """
    if is_scenario_file(source):
        return {source}
    plain = plain_name(source)
    return {source, plain, join(plain, own_sizes(plain))} if source == plain else {source, plain}


def as_entry(value: Any) -> Any:
    """A bare name or path as the mapping that it stands for."""
    if isinstance(value, str):
        return {"family": value}
    if not isinstance(value, dict | FamilyEntry):
        raise ValueError(f"{shorten(value)}; must be the name of a family or a mapping with family and sizes")
    return value


def is_scenario_file(family: str) -> bool:
    """Whether an entry names a path."""
    return family.endswith((".yaml", ".yml"))
