"""An instance: a scenario with one trace; JSON, gzipped JSON and NPZ files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import InitVar, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from pydantic import ValidationError

from problems.io.arrays import first_index, number_array
from problems.io.errors import InputError, from_validation, shorten, shorten_text
from problems.io.files import from_gzip, read_bytes, to_gzip, write_bytes
from problems.io.json_document import check_header, parse_json
from problems.io.npz import from_npz, to_npz
from problems.scenario import Catalogue, Demand, Model, Scenario, System, check_consistent

FORMAT = "t2bench-instance"
IDLE = -1
UNKNOWN_STATE = -1


@dataclass(frozen=True, eq=False)
class Trace:
    """What happened: states, requests, channels and sizes. T frames, K slots a frame, N users."""

    state: np.ndarray
    """(T,) int: popularity state of each frame; -1 where a recorded log does not tell."""
    request: np.ndarray
    """(T, K, N) int: index of the model asked for; -1 for an idle user."""
    gain: np.ndarray
    """(T, K, N): linear channel power gain."""
    input_mb: np.ndarray
    """(T, K, N): d_in, MB."""
    output_mb: np.ndarray
    """(T, K, N): d_out, MB."""


@dataclass(frozen=True, eq=False)
class Instance:
    """One mixed-integer programme: catalogue, system, demand process and a trace."""

    name: str
    family: str | None
    scenario_seed: int | None
    trace_seed: int | None
    models: tuple[Model, ...]
    system: System
    demand: Demand
    trace: Trace
    stated: InitVar[dict[str, Any] | None] = None
    """The JSON object that it is read from, whose every field and figure counts in the hash; None where it is made."""
    _stated: ClassVar[dict[str, Any] | None] = None

    def __post_init__(self, stated: dict[str, Any] | None) -> None:
        object.__setattr__(self, "_stated", stated)

    def __getstate__(self) -> dict[str, Any]:
        """What another process is sent: the fields and the hash, and nothing that can be derived from them."""
        return {field.name: getattr(self, field.name) for field in fields(self)} | {"sha256": self.sha256}

    @property
    def frames(self) -> int:
        """T."""
        return self.trace.request.shape[0]

    @property
    def slots(self) -> int:
        """K, slots a frame."""
        return self.trace.request.shape[1]

    @property
    def users(self) -> int:
        """N."""
        return self.trace.request.shape[2]

    @cached_property
    def catalogue(self) -> Catalogue:
        """The models' parameters as arrays."""
        return Catalogue.of(self.models)

    @cached_property
    def active(self) -> np.ndarray:
        """(T, K, N) bool: who asks for something."""
        return self.trace.request != IDLE

    @cached_property
    def active_requests(self) -> int:
        """Number of active requests in the whole trace."""
        return int(self.active.sum())

    @cached_property
    def document(self) -> dict[str, Any]:
        """The instance as the JSON object of file format version 1."""
        if self._stated is not None:
            return self._stated
        return {
            "format": FORMAT,
            "version": 1,
            "name": self.name,
            "family": self.family,
            "scenario_seed": self.scenario_seed,
            "trace_seed": self.trace_seed,
            "models": [model.model_dump(mode="json") for model in self.models],
            "system": self.system.model_dump(mode="json"),
            "demand": self.demand.model_dump(mode="json"),
            "trace": {field.name: getattr(self.trace, field.name).tolist() for field in fields(Trace)},
        }

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the canonical JSON (sorted keys, no spaces, shortest round-trip floats)."""
        text = json.dumps(self.document, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()


def of_scenario(scenario: Scenario, trace: Trace, trace_seed: int | None, name: str) -> Instance:
    """The instance that a scenario and a trace make; its demand states what the scenario left to defaults."""
    stated = {name: getattr(scenario.demand, name) for name in Demand.model_fields}
    return Instance(
        name=name,
        family=scenario.family,
        scenario_seed=scenario.scenario_seed,
        trace_seed=trace_seed,
        models=scenario.models,
        system=scenario.system,
        demand=scenario.demand.model_copy(update=stated),
        trace=trace,
    )


def read_instance(path: Path) -> Instance:
    """Read a ``.json``, ``.json.gz`` or ``.npz`` file.

    Raises InputError, one line that names the file, the field, the value and what is allowed.
    """
    content = read_bytes(path)
    try:
        if path.name.endswith(".npz"):
            document, arrays = from_npz(content)
            document["trace"] = arrays
        else:
            document = parse_json(from_gzip(content) if path.name.endswith(".gz") else content)
        return from_document(document)
    except InputError as error:
        raise error.within(str(path)) from None


def write_instance(instance: Instance, path: Path) -> None:
    """Write by the suffix of ``path``; equal instances give equal bytes. Raises InputError."""
    name = path.name
    if name.endswith(".npz"):
        header = {key: value for key, value in instance.document.items() if key != "trace"}
        arrays = {field.name: np.asarray(instance.document["trace"][field.name]) for field in fields(Trace)}
        content = to_npz(json.dumps(header, allow_nan=False), arrays)
    elif name.endswith((".json", ".json.gz")) or not path.suffix or (path.exists() and not path.is_file()):
        content = json.dumps(instance.document, allow_nan=False).encode() + b"\n"
        content = to_gzip(content) if name.endswith(".gz") else content
    else:
        raise InputError(f"{path}: suffix {path.suffix!r}; must be .json, .json.gz or .npz")
    write_bytes(path, content)


def from_document(document: dict[str, Any]) -> Instance:
    """An instance from the JSON object of file format version 1. Raises InputError.

    Further fields beside the known ones, such as a comment, are kept and count in the hash; within models,
    system, demand and trace there may be none.
    """
    check_header(document, FORMAT)
    name = _optional(document, "name", str)
    if not name:
        raise InputError(f"name: {shorten(name)}; must be text")
    models = document.get("models")
    if not isinstance(models, list):
        raise InputError("models: missing; required" if models is None else "models: must be a list")
    if not models:
        raise InputError("models: none; needs at least one")
    parsed = tuple(_part(Model, entry, f"models[{i}]") for i, entry in enumerate(models))
    system = _part(System, document.get("system"), "system")
    demand = _part(Demand, document.get("demand"), "demand")
    trace = _trace(document.get("trace"), len(parsed), len(demand.transition))
    if (trace.state == UNKNOWN_STATE).any() and demand.state_observed:
        raise InputError("trace.state: -1 (unknown); needs demand.state_observed false")
    try:
        check_consistent(parsed, system, demand, trace.request.shape[2])
    except ValueError as error:
        raise InputError(str(error)) from None
    return Instance(
        name=name,
        family=_optional(document, "family", str),
        scenario_seed=_optional(document, "scenario_seed", int),
        trace_seed=_optional(document, "trace_seed", int),
        models=parsed,
        system=system,
        demand=demand,
        trace=trace,
        stated=document | {"trace": {key: _lists(value) for key, value in document["trace"].items()}},
    )


def _lists(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return (value.astype(float) if value.dtype.kind == "f" else value).tolist()


def _optional(document: dict[str, Any], field: str, kind: type) -> Any:
    value = document.get(field)
    if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
        words = "text" if kind is str else "a whole number"
        raise InputError(f"{field}: {shorten(value)}; must be {words} or null")
    return value


def _part(kind: type[Any], value: Any, place: str) -> Any:
    if value is None:
        raise InputError(f"{place}: missing; required")
    _check_known(value, place, kind.model_fields)
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        line = str(from_validation(error))
        raise InputError(f"{place}.{line}" if isinstance(value, dict) else f"{place}{line}") from None


def _check_known(value: Any, place: str, known: Collection[str]) -> None:
    """Raise InputError for a name that is none of a part's: a misspelt one must not be passed over."""
    for name in value if isinstance(value, dict) else ():
        if name not in known:
            raise InputError(f"{place}.{shorten_text(name)}: not a known field; must be one of {', '.join(known)}")


def _trace(value: Any, models: int, states: int) -> Trace:
    if not isinstance(value, dict):
        raise InputError("trace: missing; required" if value is None else "trace: must be an object")
    _check_known(value, "trace", [field.name for field in fields(Trace)])
    for field in fields(Trace):
        if field.name not in value:
            raise InputError(f"trace.{field.name}: missing; required")
    try:
        shape = np.shape(value["request"])
    except ValueError:
        raise InputError("trace.request: ragged list; must be an array of shape [T][K][N]") from None
    if len(shape) != 3 or 0 in shape:
        raise InputError(f"trace.request: array of shape {list(shape)}; must be [T][K][N], none of them 0")
    request = number_array(value["request"], "trace.request", shape, "iu")
    state = number_array(value["state"], "trace.state", shape[:1], "iu")
    decimals = {
        name: number_array(value[name], f"trace.{name}", shape).astype(float)
        for name in ("gain", "input_mb", "output_mb")
    }
    _check_range(request, "trace.request", (request < IDLE) | (request >= models), f"-1..{models - 1}")
    _check_range(state, "trace.state", (state < UNKNOWN_STATE) | (state >= states), f"0..{states - 1}")
    active = request != IDLE
    _check_range(decimals["gain"], "trace.gain", active & (decimals["gain"] <= 0), "> 0 for an active user")
    for name in ("input_mb", "output_mb"):
        _check_range(decimals[name], f"trace.{name}", active & (decimals[name] < 0), ">= 0 for an active user")
    return Trace(state=state.astype(np.int64), request=request.astype(np.int64), **decimals)


def _check_range(array: np.ndarray, field: str, wrong: np.ndarray, allowed: str) -> None:
    if wrong.any():
        value = array[tuple(np.argwhere(wrong)[0])].item()
        raise InputError(f"{field}{first_index(wrong)}: {value}; must be {allowed}")
