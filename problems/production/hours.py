"""Which hours of a log are meant: two weeks to fit and to train, another one to judge."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from problems.io.errors import InputError, shorten
from problems.production.gentd26 import ServedRequests

WEEK = 7 * 24
FITTED, JUDGED = 2 * WEEK, WEEK


@dataclass(frozen=True)
class Hours:
    """A part of a log, in hours from its first row, both ends included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def of(self, requests: ServedRequests) -> np.ndarray:
        """(R,) bool: the requests of these hours. Raises InputError where the log ends before or has none."""
        if self.last >= requests.hours:
            raise InputError(f"hours: {self}; the log has the hours 0-{requests.hours - 1}")
        inside = (requests.hour >= self.first) & (requests.hour <= self.last)
        if not inside.any():
            raise InputError(f"hours: {self}; the log has no served request in them")
        return inside


def parse_hours(text: str) -> Hours:
    """``0-335`` as hours. Raises InputError."""
    found = re.fullmatch(r"(\d{1,6})-(\d{1,6})", text, flags=re.ASCII)
    if found is None or int(found[1]) > int(found[2]):
        raise InputError(f"hours: {shorten(text)}; must be FIRST-LAST, such as 0-335")
    return Hours(int(found[1]), int(found[2]))


def first_two_weeks(requests: ServedRequests) -> Hours:
    """To fit a scenario to. Raises InputError where the log has no third week to judge by."""
    return Hours(0, _enough(requests, FITTED) - 1)


def last_week(requests: ServedRequests) -> Hours:
    """To judge by. Raises InputError where the log has no two weeks before it to fit to."""
    return Hours(_enough(requests, requests.hours - JUDGED), requests.hours - 1)


def _enough(requests: ServedRequests, hours: int) -> int:
    if requests.hours < FITTED + JUDGED:
        raise InputError(
            f"the log has {requests.hours} hours; needs {FITTED + JUDGED}, two weeks to fit and one to judge, "
            "unless the hours are stated"
        )
    return hours
