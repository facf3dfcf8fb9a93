"""Where every row of a log went."""

from __future__ import annotations

import numpy as np

from problems.instance import IDLE
from problems.production.catalogue import REST, entry_of
from problems.production.gentd26 import ServedRequests
from problems.production.hours import Hours
from problems.production.seats import Seats
from problems.scenario import Scenario


def account(requests: ServedRequests, hours: Hours, seats: Seats, scenario: Scenario) -> list[str]:
    """Two lines: the rows of the log, each of which is counted once, and the places of the trace."""
    names = [model.name for model in scenario.models]
    has_rest = REST in names
    inside = hours.of(requests)
    asked = np.bincount(seats.entry[seats.entry != IDLE], minlength=len(names))
    in_rest = int(asked[names.index(REST)]) if has_rest else 0
    used = int(asked.sum()) - in_rest
    left_out = 0 if has_rest else int((entry_of(requests.model[inside], names) == IDLE).sum())
    frames, slots, users = seats.row.shape
    return [
        f"{requests.rows} rows: {used} used, {in_rest + left_out} outside the catalogue "
        f"({f'asked of the cloud as {REST}' if has_rest else 'left out'}), {requests.failed} failed or unfinished, "
        f"{requests.without_model} without a model, {int((~inside).sum())} in other hours than {hours}, "
        f"{seats.left_over} for which no slot was left",
        f"{seats.row.size} places ({frames} frames, {slots} slots, {users} users): {used + in_rest} requests, "
        f"{seats.idle} idle; {seats.with_neighbours} requests with another user than their group's, "
        f"{seats.waited} in a later slot",
    ]
