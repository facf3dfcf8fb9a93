"""The GenTD26 log: what a production diffusion service was asked for.

Source: Lin et al., "Understanding Diffusion Model Serving in Production: A Top-Down Analysis of
Workload, Scheduling, and Resource Efficiency", SoCC '25; the data set is alibaba/clusterdata on
GitHub, folder cluster-trace-v2026-GenAI.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from problems.io.csv_table import numbers, read_table, refuse
from problems.io.errors import InputError
from problems.io.files import read_bytes

TIME, STATUS, GROUP, MODEL, KIND = (
    *("gmt_create", "predict_status", "groupId", "checkpoint_model_version_id", "predict_type"),
)
SERVICE, STEPS, IMAGES = "exec_time_seconds", "num_inference_steps", "num_images_per_prompt"
SERVED = "SUCCEED"
TEXT_ONLY = "TXT_2_IMG"
HOUR_S = 3600
_OFFSET = r"(?:Z|[+-]\d{2}:?\d{2})$"


@dataclass(frozen=True, eq=False)
class ServedRequests:
    """The requests that were served, in the order of their times; R of the log's rows."""

    second: np.ndarray
    """(R,): seconds since the first row of the log, served or not."""
    group: np.ndarray
    """(R,) text: who asked."""
    model: np.ndarray
    """(R,) text: the base model."""
    service_s: np.ndarray
    """(R,): from the request to its answer, queueing and loading included; NaN where it is not recorded."""
    steps: np.ndarray
    """(R,): denoising steps asked for; NaN where they are not recorded."""
    images: np.ndarray
    """(R,): images asked for; NaN where they are not recorded."""
    sends_image: np.ndarray
    """(R,) bool: whether an image went in, not a text alone."""
    rows: int
    """Rows of the log."""
    failed: int
    """Rows left out: the request failed, or was not finished when the log ended."""
    without_model: int
    """Rows left out: served, but the log does not tell the model."""
    hours: int
    """Hours that the log covers, the last one begun."""

    @property
    def hour(self) -> np.ndarray:
        """(R,) int: hours since the first row of the log."""
        return (self.second // HOUR_S).astype(np.int64)


def is_gentd26(path: Path) -> bool:
    """Whether a file's header is that of a GenTD26 request log. Raises InputError where it cannot be read."""
    header = read_bytes(path).partition(b"\n")[0].decode(errors="replace")
    return TIME in (name.strip().strip('"') for name in header.lstrip("\ufeff").split(","))


def read_gentd26(path: Path) -> ServedRequests:
    """The served requests of a log; the order of its rows and columns, and other columns, do not matter.

    Times count from the first row, so that a log shifted as a whole, or written in another time zone, says
    the same. Raises InputError, one line that names the file, the line, the column and what is allowed.
    """
    content = read_bytes(path)
    try:
        return _served(read_table(content, (TIME, STATUS, GROUP, MODEL, KIND, SERVICE, STEPS, IMAGES)))
    except InputError as error:
        raise error.within(str(path)) from None


def _served(table: pd.DataFrame) -> ServedRequests:
    time = _times(table)
    first = time.min()
    seconds = (time - first).dt.total_seconds()
    served = (table[STATUS] == SERVED).to_numpy()
    known = (table[MODEL] != "").to_numpy()
    anonymous = served & (table[GROUP] == "").to_numpy()
    if anonymous.any():
        refuse(table, GROUP, anonymous, "must not be empty")
    columns = pd.DataFrame(
        {
            "second": seconds,
            "group": table[GROUP],
            "model": table[MODEL],
            "service_s": _recorded(table, SERVICE, served),
            "steps": _recorded(table, STEPS, served),
            "images": _recorded(table, IMAGES, served),
            "sends_image": table[KIND] != TEXT_ONLY,
        }
    )[served & known]
    if columns.empty:
        raise InputError(f"column {STATUS}: no row is {SERVED} and names a model; needs at least one")
    # by all columns, so that requests of one second have an order of their own whatever the order of the rows
    columns = columns.sort_values(list(columns.columns), kind="stable")
    return ServedRequests(
        **{str(name): column.to_numpy() for name, column in columns.items()},
        rows=len(table),
        failed=int((~served).sum()),
        without_model=int((served & ~known).sum()),
        hours=int(seconds.max() // HOUR_S) + 1,
    )


def _recorded(table: pd.DataFrame, column: str, served: np.ndarray) -> np.ndarray:
    return numbers(table, column, unless=~served | (table[column] == "").to_numpy())


def _times(table: pd.DataFrame) -> pd.Series:
    time = pd.to_datetime(table[TIME], format="ISO8601", utc=True, errors="coerce")
    if time.isna().any():
        refuse(
            table, TIME, time.isna().to_numpy(), "must be a time such as 2024-11-15 16:57:50 or with +08:00 behind it"
        )
    zoned = table[TIME].str.contains(_OFFSET).to_numpy() & table[TIME].str.contains(":").to_numpy()
    if zoned.any() and not zoned.all():
        refuse(table, TIME, ~zoned, "has no time zone, other lines have one; all or none must")
    return time
