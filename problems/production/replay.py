"""A part of a production log as the trace of a scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from problems.families.sampling import sample_unrecorded, significant
from problems.instance import IDLE, UNKNOWN_STATE, Instance, Trace
from problems.io.errors import InputError
from problems.production.assumptions import Assumptions
from problems.production.catalogue import REST, entry_of
from problems.production.gentd26 import ServedRequests
from problems.production.hours import Hours
from problems.production.seats import Seats, seat
from problems.request_log import of_log
from problems.scenario import Scenario


def replay(
    scenario: Scenario,
    requests: ServedRequests,
    hours: Hours,
    path: Path,
    trace_seed: int = 0,
    assumptions: Assumptions | None = None,
) -> tuple[Instance, Seats]:
    """The instance of a scenario and some hours of the log at ``path``, and how the requests were seated.

    A frame is an hour, the slots and users are the scenario's, and models go by their names. A model that is not
    in the catalogue is its entry ``rest``; without one, its requests are left out. Sizes follow from what was sent
    and how many images were asked for; channels are sampled with ``trace_seed``. Raises InputError for hours
    that the log does not have, and where no request is for a model of the catalogue.
    """
    names = [model.name for model in scenario.models]
    entry = entry_of(requests.model, names)
    if not np.isin(requests.model[hours.of(requests)], [name for name in names if name != REST]).any():
        raise InputError(f"hours: {hours}; no request in them is for a model of {scenario.family}")
    seats = seat(requests, entry, hours, scenario.slots, scenario.users)
    values = sample_unrecorded(scenario, len(hours), trace_seed)
    taken = seats.row != IDLE
    for field, size_mb in _sizes_mb(requests, assumptions or Assumptions()).items():
        values[field][taken] = size_mb[seats.row[taken]]
    trace = Trace(state=np.full(len(hours), UNKNOWN_STATE), request=seats.entry, **values)
    return of_log(scenario, trace, trace_seed, path), seats


def _sizes_mb(requests: ServedRequests, assumed: Assumptions) -> dict[str, np.ndarray]:
    """(R,) what goes in and what comes out; where the number of images is not recorded it is one."""
    images = np.where(np.isnan(requests.images), 1.0, requests.images)
    return {
        "input_mb": np.where(requests.sends_image, assumed.image_mb, assumed.text_mb),
        "output_mb": significant(assumed.image_mb * images),
    }
