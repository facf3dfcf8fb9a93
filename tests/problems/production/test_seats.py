"""Requests of a log on the places of a trace."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from problems.instance import IDLE
from problems.production.catalogue import REST, entry_of
from problems.production.hours import Hours
from problems.production.seats import Seats, seat
from tests.problems.production.logs import line, requests_of, small_lines


def seats_of(folder: Path, rows: list[str], names: tuple[str, ...], hours: Hours, slots: int, users: int) -> Seats:
    requests = requests_of(folder, rows)
    return seat(requests, entry_of(requests.model, names), hours, slots, users)


def test_a_frame_is_an_hour_and_a_group_a_user(tmp_path: Path) -> None:
    rows = [line(0, "A", "x"), line(31, "B", "y"), line(62, "A", "y"), line(179, "B", "x")]
    seats = seats_of(tmp_path, rows, ("A", "B"), Hours(0, 2), 2, 3)
    assert seats.entry.tolist() == [
        [[0, IDLE, IDLE], [IDLE, 1, IDLE]],
        [[IDLE, 0, IDLE], [IDLE, IDLE, IDLE]],
        [[IDLE, IDLE, IDLE], [1, IDLE, IDLE]],
    ]
    assert (seats.with_neighbours, seats.waited, seats.left_over, seats.idle) == (0, 0, 0, 14)


def test_a_second_request_takes_a_neighbour_then_waits_then_is_left_over(tmp_path: Path) -> None:
    rows = [line(0.1 * number, "ABCDE"[number], "x") for number in range(5)]
    seats = seats_of(tmp_path, rows, tuple("ABCDE"), Hours(0, 0), 2, 2)
    assert seats.entry.tolist() == [[[0, 1], [2, 3]]]
    assert (seats.with_neighbours, seats.waited, seats.left_over) == (2, 2, 1)


def test_every_request_of_the_hours_is_seated_once(tmp_path: Path) -> None:
    requests = requests_of(tmp_path, small_lines())
    seats = seat(requests, entry_of(requests.model, ("A", REST)), Hours(3, 20), 4, 3)
    taken = np.sort(seats.row[seats.row != IDLE])
    assert taken.tolist() == np.flatnonzero((requests.hour >= 3) & (requests.hour <= 20)).tolist()
    assert seats.left_over == 0


def test_what_has_no_entry_is_left_out(tmp_path: Path) -> None:
    seats = seats_of(tmp_path, [line(0, "A"), line(1, "Z")], ("A",), Hours(0, 0), 1, 2)
    assert seats.entry.tolist() == [[[0, IDLE]]]
