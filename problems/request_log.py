"""A recorded request log (CSV) as a trace.

Columns: ``frame``, ``slot``, ``user``, ``model``, and where they were recorded ``gain``,
``input_mb``, ``output_mb``. One row a request; a user without a row in a slot is idle.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from problems.families.sampling import sample_unrecorded
from problems.instance import IDLE, UNKNOWN_STATE, Instance, Trace, of_scenario
from problems.io.csv_table import numbers, read_table, refuse
from problems.io.errors import InputError, meant, shorten
from problems.io.files import read_bytes
from problems.scenario import Scenario

REQUIRED = ("frame", "slot", "user", "model")
OPTIONAL = ("gain", "input_mb", "output_mb")


def instance_from_log(scenario: Scenario, path: Path, trace_seed: int = 0) -> Instance:
    """The instance of a scenario and the requests in a CSV file.

    Frames are as many as the log has; slots and users are the scenario's. Users are indices, or
    labels that are numbered as they appear; models are names, or indices. What the log does not
    record of channels and sizes is sampled from the scenario's demand with ``trace_seed``. The
    popularity states are unknown, so the demand's state counts as hidden. Raises InputError, one
    line that names the file, the line, the column, the value and what is allowed.
    """
    content = read_bytes(path)
    try:
        trace = _trace(scenario, _table(content), trace_seed)
    except InputError as error:
        raise error.within(str(path)) from None
    return of_log(scenario, trace, trace_seed, path)


def of_log(scenario: Scenario, trace: Trace, trace_seed: int, path: Path) -> Instance:
    """The instance of a scenario and a trace from a log, named after both; its states are hidden."""
    hidden = scenario.model_copy(update={"demand": scenario.demand.model_copy(update={"state_observed": False})})
    name = f"{scenario.family}-s{scenario.scenario_seed}-{path.name.removesuffix('.csv')}"
    return of_scenario(hidden, trace, trace_seed, name)


def _table(content: bytes) -> pd.DataFrame:
    table = read_table(content, REQUIRED)
    for column in table.columns:
        if column not in (*REQUIRED, *OPTIONAL):
            raise InputError(f"column {shorten(column)}: not known; must be one of {', '.join((*REQUIRED, *OPTIONAL))}")
    return table


def _trace(scenario: Scenario, table: pd.DataFrame, trace_seed: int) -> Trace:
    frame = _whole(table, "frame", None)
    slot = _whole(table, "slot", scenario.slots)
    user = _users(table, scenario.users)
    shape = (int(frame.max()) + 1, scenario.slots, scenario.users)
    place = np.ravel_multi_index((frame, slot, user), shape)
    again = pd.Series(place).duplicated().to_numpy()
    if again.any():
        refuse(table, "user", again, "must have one request a slot")
    request = np.full(shape, IDLE, dtype=np.int64)
    request.ravel()[place] = _models(table, scenario)
    values = sample_unrecorded(scenario, shape[0], trace_seed)
    for column in OPTIONAL:
        if column in table:
            values[column].ravel()[place] = numbers(table, column)
    return Trace(state=np.full(shape[0], UNKNOWN_STATE), request=request, **values)


def _whole(table: pd.DataFrame, column: str, limit: int | None) -> np.ndarray:
    """A column of whole numbers in 0..limit-1."""
    allowed = "must be a whole number in 0..999999999" if limit is None else f"must be a whole number in 0..{limit - 1}"
    digits = table[column].str.fullmatch(r"\d{1,9}").to_numpy()
    if not digits.all():
        refuse(table, column, ~digits, allowed)
    numbers = table[column].astype(np.int64).to_numpy()
    if limit is not None and (numbers >= limit).any():
        refuse(table, column, numbers >= limit, allowed)
    return numbers


def _users(table: pd.DataFrame, users: int) -> np.ndarray:
    labels = table["user"]
    if (labels == "").any():
        refuse(table, "user", (labels == "").to_numpy(), "must not be empty")
    if labels.str.fullmatch(r"\d{1,9}").all():
        return _whole(table, "user", users)
    numbers, known = pd.factorize(labels)
    if len(known) > users:
        refuse(table, "user", numbers == users, f"is label number {users + 1}; the scenario has {users} users")
    return np.asarray(numbers, dtype=np.int64)


def _models(table: pd.DataFrame, scenario: Scenario) -> np.ndarray:
    index: dict[str, Any] = {str(m): m for m in range(len(scenario.models))}
    index |= {model.name: m for m, model in enumerate(scenario.models)}
    unknown = ~table["model"].isin(list(index)).to_numpy()
    if unknown.any():
        names = [model.name for model in scenario.models]
        word = str(table["model"][unknown].iloc[0])
        allowed = f"{meant(word, names)} must be a model's name, or an index in 0..{len(names) - 1}"
        refuse(table, "model", unknown, allowed.removeprefix("; "))
    return table["model"].map(index).to_numpy(dtype=np.int64)
