"""Requests of a log on the places of a trace: frames of an hour, slots, and users.

A frame is an hour from the log's first row on, so that a cache can follow the rhythm of a day, and no
calendar or time zone matters. A user is a group of the log for as long as nobody else needs its place:
each group has a user of its own, in the order in which groups appear, and they share users where there are
more groups. A user asks once a slot; another request of its group takes the next user who is free, and where
nobody is it waits for the next slot. Hours in which nobody asks are frames of idle users.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from problems.instance import IDLE
from problems.production.catalogue import NOWHERE
from problems.production.gentd26 import HOUR_S, ServedRequests
from problems.production.hours import Hours


@dataclass(frozen=True, eq=False)
class Seats:
    """Which request of a log stands at each place of a trace."""

    row: np.ndarray
    """(T, K, N) int: place of the request among the log's served ones; -1 for an idle user."""
    entry: np.ndarray
    """(T, K, N) int: place in the catalogue of the model asked for; -1 for an idle user."""
    with_neighbours: int
    """Requests that took another user than their group's."""
    waited: int
    """Requests that waited for a later slot."""
    left_over: int
    """Requests for which no slot was left."""

    @property
    def idle(self) -> int:
        """Places of nobody."""
        return int((self.row == IDLE).sum())


def seat(requests: ServedRequests, entry: np.ndarray, hours: Hours, slots: int, users: int) -> Seats:
    """The requests of some hours on ``slots`` slots an hour and so many users.

    ``entry`` (R,): place in the catalogue of each request's model; -1 leaves a request out.
    """
    rows = np.flatnonzero(hours.of(requests) & (entry != NOWHERE))
    slot = ((requests.second[rows] - hours.first * HOUR_S) * slots // HOUR_S).astype(np.int64).tolist()
    home = (pd.factorize(requests.group[rows])[0] % users).tolist()
    places = np.full((len(hours) * slots, users), IDLE, dtype=np.int64)
    free = [users] * len(places)
    with_neighbours = waited = left_over = 0
    open_from = 0
    for row, wanted, own in zip(rows.tolist(), slot, home, strict=True):
        open_from = max(open_from, wanted)
        while open_from < len(free) and free[open_from] == 0:
            open_from += 1
        if open_from == len(free):
            left_over += 1
            continue
        turn = own
        while places[open_from, turn] != IDLE:
            turn = (turn + 1) % users
        places[open_from, turn] = row
        free[open_from] -= 1
        with_neighbours += turn != own
        waited += open_from != wanted
    row_at = places.reshape(len(hours), slots, users)
    return Seats(row_at, np.append(entry, IDLE)[row_at], with_neighbours, waited, left_over)
