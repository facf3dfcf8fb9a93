"""The names of the listed parts by kind, without those that train for a scenario first."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from solvers.base import OnlineCaching
from solvers.registry import find_part, listed
from tests.cases import LEARNERS


def _of(kind: str) -> list[str]:
    return [entry.name for entry in listed() if entry.kind == kind and entry.name not in LEARNERS]


CACHING = _of("caching")
ALLOCATION = _of("allocation")
WHOLE = _of("solver")
"""Solvers of the whole programme."""
ONLINE = [name for name in CACHING if issubclass(find_part(name), OnlineCaching)]
HINDSIGHT = [name for name in CACHING if name not in ONLINE]
MODEL_FREE = [name for name in ONLINE if find_part(name).tier == "online-model-free"]
PROGRAMME_SOLVERS = [
    pytest.param(name, marks=pytest.mark.skipif(find_spec(library) is None, reason=f"needs {library}"))
    for name, library in {"milp": "highspy", "scip": "pyscipopt", "bonmin": "casadi"}.items()
]
"""Solvers that hand the whole programme to a library, which may be missing; parameters of tests."""
