"""An entry of a matrix's ``families``: a name, a scenario file, or a family in other sizes."""

from __future__ import annotations

import itertools
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from problems.errors import InputError, shorten
from problems.families import sized_family
from problems.family_sizes import Sizes


def _sizes(value: Any) -> Any:
    """``20`` or ``[10, 20]`` as the sizes that it names."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (value,)
    if isinstance(value, list):
        return tuple(value)
    raise ValueError(f"{shorten(value)}; must be a whole number or a list of whole numbers")


_Axis = Annotated[tuple[int, ...], BeforeValidator(_sizes), Field(min_length=1)]


class FamilyEntry(BaseModel):
    """A family in every combination of the sizes listed; a size that is not named is the family's own."""

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

    def names(self) -> list[str]:
        """The families that the entry stands for, by their names, or the path. Raises InputError."""
        axes = {field: axis for field in Sizes._fields if (axis := getattr(self, field)) is not None}
        if is_scenario_file(self.family):
            if axes:
                raise InputError(f"{self.family}: sizes of {', '.join(axes)}; a scenario file states its own")
            return [self.family]
        names = [
            sized_family(self.family, **dict(zip(axes, sizes, strict=True)))
            for sizes in itertools.product(*axes.values())
        ]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise InputError(f"{shorten(name)} stands twice")
        return names


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
