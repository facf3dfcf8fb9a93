"""A scenario: the catalogue of models, the system and the demand process, validated; YAML in and out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import fsum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from problems.io.errors import InputError
from problems.io.files import write_bytes
from problems.io.json_document import check_header
from problems.io.yaml_document import yaml_document

Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0, le=2**62)]
"""As large as every database keeps, repetitions added."""

PROBABILITY_TOLERANCE = 1e-9
MOST_STEPS = 100_000
"""More denoising steps than any model needs; solvers weigh every step count up to a model's."""


class _Part(BaseModel):
    """Immutable, finite, and strict about types: no text where a number belongs."""

    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)


class Model(_Part):
    """One generative model of the catalogue."""

    name: Annotated[str, Field(min_length=1)]
    size_gb: Positive
    """c_m: storage that the model needs, in GB."""
    steps_low: NonNegative
    """A1: up to this many denoising steps the quality is the worst."""
    steps_high: Annotated[float, Field(gt=0, le=MOST_STEPS)]
    """A2 > A1: from this many steps on the quality is the best."""
    tv_worst: NonNegative
    """A3, total variation (lower is better)."""
    tv_best: NonNegative
    """A4 < A3, total variation."""
    step_s: NonNegative
    """B1: seconds a step at the edge."""
    setup_s: NonNegative
    """B2: seconds of set-up at the edge."""
    cloud_s: NonNegative
    """G: seconds of queueing and generation in the cloud."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.steps_high <= self.steps_low:
            raise ValueError(f"steps_high: {self.steps_high}; must be > steps_low ({self.steps_low})")
        if self.tv_worst <= self.tv_best:
            raise ValueError(f"tv_worst: {self.tv_worst}; must be > tv_best ({self.tv_best})")
        return self


class System(_Part):
    """The base station and its edge server."""

    cache_gb: NonNegative
    """C: cache capacity, GB."""
    step_budget: Annotated[int, Field(ge=0, le=2**53)]
    """S: denoising steps that the edge server can run in one slot."""
    uplink_mhz: Positive
    """W_u, shared by the users."""
    downlink_mhz: Positive
    """W_d, shared by the users."""
    user_power_w: Positive
    """p_u."""
    bs_power_w: Positive
    """p_b."""
    noise_w_per_mhz: Positive
    """N_0."""
    backhaul_mbps: Positive
    """R: edge to cloud, a request, each way, Mbit/s."""
    load_cost_per_gb: NonNegative
    """sigma: cost of loading one GB into the cache at a frame's start."""
    deadline_s: NonNegative | None
    """tau: soft deadline in seconds, or None."""
    late_penalty: NonNegative
    """kappa: cost a second late."""
    latency_weight: Share
    """alpha: weight of latency against quality."""
    tv_to_s: NonNegative
    """beta: seconds that one unit of TV is worth."""
    forced_edge: bool
    """True: a request for a cached model must be served at the edge."""

    @property
    def couples_budgets(self) -> bool:
        """Whether lateness has a price, which couples bandwidth and steps within a slot."""
        return self.deadline_s is not None and self.late_penalty > 0


class Demand(_Part):
    """The demand process: a Markov chain of popularity states, moving users, request sizes."""

    transition: tuple[tuple[Share, ...], ...]
    """(J, J), row-stochastic."""
    skew: tuple[NonNegative, ...]
    """(J,): the Zipf exponent of each state."""
    ranking: tuple[tuple[int, ...], ...]
    """(J, M): in each state the models from the most to the least popular."""
    activity: Share
    """Probability that a user is active in a slot."""
    state_observed: bool
    """Whether a policy sees the state at a frame's start."""
    cell_km: Positive = 0.5
    """Radius of the disc in which the users move."""
    move_km: NonNegative = 0.05
    """The longest way that a user goes from one slot to the next."""
    input_mb: tuple[Positive, Positive] = (0.5, 10.0)
    """Range of the log-uniform input size, MB."""
    output_mb: tuple[Positive, Positive] = (0.5, 10.0)
    """Range of the log-uniform output size, MB."""

    @model_validator(mode="before")
    @classmethod
    def _lists_to_tuples(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: _tuples(value) for key, value in data.items()}

    @field_validator("transition")
    @classmethod
    def _stochastic(cls, rows: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
        if not rows:
            raise ValueError("has no rows; needs one a state")
        for j, row in enumerate(rows):
            if len(row) != len(rows):
                raise ValueError(f"row {j} has {len(row)} entries; must have {len(rows)}")
            if abs(fsum(row) - 1.0) > PROBABILITY_TOLERANCE:
                raise ValueError(f"row {j} sums to {fsum(row):.12g}; must sum to 1")
        return rows

    @field_validator("input_mb", "output_mb")
    @classmethod
    def _range(cls, bounds: tuple[float, float]) -> tuple[float, float]:
        if bounds[0] > bounds[1]:
            raise ValueError(f"{list(bounds)}; the first must not exceed the second")
        return bounds

    @model_validator(mode="after")
    def _one_entry_a_state(self) -> Self:
        states = len(self.transition)
        for field, value in (("skew", self.skew), ("ranking", self.ranking)):
            if len(value) != states:
                raise ValueError(f"{field}: {len(value)} entries; must be {states}, one a state")
        models = len(self.ranking[0])
        for j, order in enumerate(self.ranking):
            if sorted(order) != list(range(models)):
                raise ValueError(f"ranking[{j}]: {list(order)}; must be a permutation of 0..{models - 1}")
        return self

    @property
    def popularity(self) -> np.ndarray:
        """(J, M): probability that an active user asks for model m in state j; rank^-skew, normalised."""
        return _popularity(self.skew, self.ranking)

    @property
    def stationary(self) -> np.ndarray:
        """(J,): the long-run share of each state when the chain starts in a uniform one.

        The average of the first 1,024 distributions, so that it exists for periodic and reducible
        chains too.
        """
        return _stationary(self.transition)


@lru_cache(maxsize=256)
def _popularity(skew: tuple[float, ...], ranking: tuple[tuple[int, ...], ...]) -> np.ndarray:
    weight = np.empty((len(ranking), len(ranking[0])))
    for j, order in enumerate(ranking):
        weight[j, list(order)] = np.arange(1, len(order) + 1, dtype=float) ** -skew[j]
    return _constant(weight / weight.sum(axis=1, keepdims=True))


@lru_cache(maxsize=256)
def _stationary(rows: tuple[tuple[float, ...], ...]) -> np.ndarray:
    transition = np.array(rows)
    now = np.full(len(rows), 1.0 / len(rows))
    total = np.zeros_like(now)
    for _ in range(1024):
        total += now
        now = now @ transition
    return _constant(total / total.sum())


def _constant(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


def _tuples(value: Any) -> Any:
    return tuple(_tuples(entry) for entry in value) if isinstance(value, list) else value


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The models' parameters as read-only arrays of shape (M,), named and measured as in :class:`Model`."""

    size_gb: np.ndarray
    steps_low: np.ndarray
    steps_high: np.ndarray
    tv_worst: np.ndarray
    tv_best: np.ndarray
    step_s: np.ndarray
    setup_s: np.ndarray
    cloud_s: np.ndarray

    @classmethod
    def of(cls, models: tuple[Model, ...]) -> Catalogue:
        """Column by column."""
        return cls(**{name: _constant(np.array([getattr(m, name) for m in models])) for name in cls.__annotations__})

    def __len__(self) -> int:
        return len(self.size_gb)


def check_consistent(models: tuple[Model, ...], system: System, demand: Demand, users: int) -> None:
    """Raise ValueError where the parts of a scenario contradict each other."""
    if not models:
        raise ValueError("models: none; needs at least one")
    names = [model.name for model in models]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"models: the name {name!r} stands twice; names must differ")
    if len(demand.ranking[0]) != len(models):
        raise ValueError(f"demand.ranking: ranks {len(demand.ranking[0])} models; the catalogue has {len(models)}")
    if system.forced_edge and system.step_budget < users:
        raise ValueError(f"system.step_budget: {system.step_budget}; must be >= {users} (the users) with forced_edge")


class Scenario(_Part):
    """A catalogue, a system and a demand process, with the extent of its traces."""

    format: Literal["t2bench-scenario"] = "t2bench-scenario"
    version: Literal[1] = 1
    family: Annotated[str, Field(min_length=1)]
    scenario_seed: Seed = 0
    frames: Count
    """T: frames of a trace."""
    slots: Count
    """K: slots of a frame."""
    users: Count
    """N."""
    models: tuple[Model, ...]
    system: System
    demand: Demand

    @field_validator("models", mode="before")
    @classmethod
    def _models_as_tuple(cls, value: Any) -> Any:
        return _tuples(value)

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        check_consistent(self.models, self.system, self.demand, self.users)
        return self

    @cached_property
    def catalogue(self) -> Catalogue:
        """The models' parameters as arrays."""
        return Catalogue.of(self.models)


def read_scenario(path: Path) -> Scenario:
    """A scenario from a YAML file. Raises InputError that names the file, the line, the field and what is allowed."""
    with yaml_document(path) as document:
        check_header(document, "t2bench-scenario")
        try:
            return Scenario.model_validate(document, extra="forbid")
        except RecursionError:
            raise InputError("a list or mapping holds itself") from None


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario as YAML; reading it back gives an equal scenario."""
    write_bytes(path, scenario_yaml(scenario).encode())


def scenario_yaml(scenario: Scenario) -> str:
    """The YAML text of a scenario."""
    document = scenario.model_dump(mode="json")
    return yaml.dump(document, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)
