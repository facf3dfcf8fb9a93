"""The models of a log that make the catalogue, and the one entry that stands for all others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from problems.io.errors import InputError

REST = "rest"
"""Name of the entry for every model outside the catalogue: it needs more room than any cache has, so that its
requests take their share of the bandwidth and are served by the cloud."""
FEWEST = 2
NOWHERE = -1
"""The place of a model that has no entry."""


def most_requested(model: np.ndarray, count: int) -> tuple[str, ...]:
    """The names of a catalogue of ``count`` entries: the most requested models, then ``REST``.

    Equally requested models stand in the order of their names. Raises InputError for fewer than two entries,
    for more than the requests (R,) have models, and for a model that is called ``REST``.
    """
    requested = pd.Series(model).value_counts()
    if REST in requested:
        raise InputError(f"models: one is called {REST!r}, which is the entry for all others; its name must differ")
    if not FEWEST <= count <= len(requested):
        raise InputError(f"models: {count}; must be from {FEWEST} to {len(requested)}, the models of the log's hours")
    by_name = requested.sort_index().sort_values(ascending=False, kind="stable")
    return (*map(str, by_name.index[: count - 1]), REST)


def entry_of(model: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """(R,) place in the catalogue of each request's model: of ``REST`` for all others, -1 where there is none."""
    index = {name: place for place, name in enumerate(names)}
    rest = index.get(REST, NOWHERE)
    return np.array([index.get(name, rest) for name in model], dtype=np.int64)
