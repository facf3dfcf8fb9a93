"""Settings of solvers: a part's fields by name, checked by their types."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from pydantic import ConfigDict, TypeAdapter, ValidationError

from problems.io.errors import InputError, from_validation, meant
from problems.io.yaml_document import parse_yaml

HALVES = ("caching", "allocation")
"""The parts of a pair, in their order."""


class SettingError(InputError):
    """A setting that a solver does not take."""

    def __init__(self, solver: str, setting: str, complaint: str) -> None:
        super().__init__(f"solver {solver}: setting {setting}: {complaint}")
        self.setting = setting
        self.complaint = complaint


def parse_settings(pairs: Sequence[str]) -> dict[str, Any]:
    """``["key=value", ...]`` with YAML values as a mapping. Raises InputError."""
    settings = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals or not key:
            raise InputError(f"--set: {pair!r}; must be key=value")
        try:
            settings[key] = parse_yaml(f"value:\n  {text}".encode())["value"]
        except InputError:
            raise InputError(f"--set {key}: {text!r}; must be a YAML value") from None
    return settings


def shared_out(settings: Mapping[str, Any], parts: Sequence[type[Any]], solver: str) -> list[dict[str, Any]]:
    """The settings of each part: of one all, of a pair those of its fields or with its name in front.

    Raises SettingError for what belongs to none or to both.
    """
    if len(parts) == 1:
        return [dict(settings)]
    shares: list[dict[str, Any]] = [{} for _ in parts]
    for key, value in settings.items():
        owner, field = _owner(key, parts, solver)
        shares[owner][field] = value
    return shares


def _owner(key: str, parts: Sequence[type[Any]], solver: str) -> tuple[int, str]:
    prefix, _, field = key.partition(".")
    if field and prefix in HALVES:
        return HALVES.index(prefix), field
    owners = [i for i, part in enumerate(parts) if key in _fields(part)]
    if len(owners) == 2:
        raise SettingError(solver, key, f"is in both parts; write caching.{key} or allocation.{key}")
    return (owners[0], key) if owners else (0, _refuse_unknown(key, parts, solver))


def _fields(part: type[Any]) -> list[str]:
    return [field.name for field in dataclasses.fields(part) if field.init]


def _refuse_unknown(key: str, parts: Sequence[type[Any]], solver: str) -> NoReturn:
    known = [field for part in parts for field in _fields(part)]
    allowed = f"must be one of {', '.join(known)}" if known else "it has no settings"
    raise SettingError(solver, key, f"unknown{meant(key, known)} {allowed}")


def build(part: type[Any], settings: Mapping[str, Any], solver: str) -> Any:
    """The part with these settings. Raises SettingError, or InputError for what the part itself refuses."""
    for key in settings:
        if key not in _fields(part):
            _refuse_unknown(key, (part,), solver)
    types = typing.get_type_hints(part)
    values = {}
    for key, value in settings.items():
        adapter: TypeAdapter[Any] = TypeAdapter(types[key], config=ConfigDict(strict=True, allow_inf_nan=False))
        try:
            values[key] = adapter.validate_python(value)
        except ValidationError as error:
            line = str(from_validation(error)).removeprefix(": ")
            raise SettingError(solver, key, line) from None
    for field in dataclasses.fields(part):
        without_default = field.default is field.default_factory is dataclasses.MISSING
        if field.init and without_default and field.name not in values:
            raise SettingError(solver, field.name, "missing; required")
    try:
        return part(**values)
    except ValueError as error:
        raise InputError(f"solver {solver}: {error}") from None
