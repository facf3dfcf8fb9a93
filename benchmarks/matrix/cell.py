"""The recipe of a cell: the instance, the solver, the seed and the limits, and the address that they make."""

from __future__ import annotations

import hashlib
import json
import shlex
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.scenario import Scenario

_INSTANCES_KEPT = 16


@dataclass(frozen=True)
class InstanceRecipe:
    """How to make an instance anywhere: its scenario and a trace seed."""

    source: str
    """The family's name, or the path of the scenario's YAML file."""
    scenario: Scenario
    trace_seed: int

    def instance(self) -> Instance:
        """The sampled instance; the last few are kept."""
        return _sampled(self)

    @property
    def command(self) -> str:
        """The command line that writes the instance to a file of its name."""
        words = ["t2bench", "sample", self.source]
        if self.source == self.scenario.family:
            words += ["--scenario-seed", str(self.scenario.scenario_seed)]
        return shlex.join([*words, "--trace-seed", str(self.trace_seed), "-o", f"{self.instance().name}.json"])


@lru_cache(_INSTANCES_KEPT)
def _sampled(recipe: InstanceRecipe) -> Instance:
    return sample_instance(recipe.scenario, recipe.trace_seed)


@dataclass(frozen=True, eq=False)
class Cell:
    """One solver on one instance with one seed under limits."""

    matrix: str
    recipe: InstanceRecipe
    instance_sha256: str
    label: str
    """The solver's name in tables."""
    solver: str
    code_version: str
    """:func:`benchmarks.machine.code_version.code_version` of the solver, when the cell was made."""
    settings: dict[str, Any]
    repetition: int
    seed: int
    time_limit_s: float | None
    memory_limit_gb: float | None
    cpu_limit_s: float | None

    @cached_property
    def cell_id(self) -> str:
        """SHA-256 of what decides the answer: the instance, the solver and its code, settings, seed and limits."""
        limits = {"time_limit_s": self.time_limit_s, "memory_limit_gb": self.memory_limit_gb}
        if self.cpu_limit_s is not None:  # no part of the address before there was one
            limits["cpu_limit_s"] = self.cpu_limit_s
        content = {
            "instance_sha256": self.instance_sha256,
            "solver": self.solver,
            "code_version": self.code_version,
            "settings": self.settings,
            "seed": self.seed,
            "limits": limits,
        }
        return hashlib.sha256(canonical_json(content).encode()).hexdigest()

    @property
    def command(self) -> str:
        """The command line that runs this cell alone."""
        name = self.recipe.instance().name
        words = ["t2bench", "solve", f"{name}.json", "--solver", self.solver]
        for key, value in self.settings.items():
            words += ["--set", f"{key}={json.dumps(value)}"]
        limits = {"time": self.time_limit_s, "memory": self.memory_limit_gb, "cpu": self.cpu_limit_s}
        for kind, limit in limits.items():
            words += [] if limit is None else [f"--{kind}-limit", f"{limit:.15g}"]
        words += ["--seed", str(self.seed), "-o", f"{name}.solution.json"]
        return f"{self.recipe.command} && {shlex.join(words)}"


def canonical_json(content: Any) -> str:
    """JSON text that equal content gives equal: sorted keys, no spaces, shortest round-trip floats."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
