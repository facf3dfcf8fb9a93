"""Requests of a log on the places of a trace."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from problems.instance import IDLE
from problems.io.errors import InputError
from problems.production.catalogue import REST, entry_of, most_requested
from problems.production.hours import Hours, first_two_weeks, last_week, parse_hours
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


def test_the_catalogue_is_the_most_requested_and_one_entry_for_the_rest() -> None:
    model = np.array(list("CCABBBAD"))
    assert most_requested(model, 3) == ("B", "A", REST)
    assert entry_of(model, ("B", "A", REST)).tolist() == [2, 2, 1, 0, 0, 0, 1, 2]
    for count in (1, 5):
        with pytest.raises(InputError, match=rf"models: {count}; must be from 2 to 4"):
            most_requested(model, count)


def test_hours_that_the_log_does_not_have(tmp_path: Path) -> None:
    requests = requests_of(tmp_path, [line(0), line(300)])
    with pytest.raises(InputError, match="hours: 2-9; the log has the hours 0-5"):
        Hours(2, 9).of(requests)
    with pytest.raises(InputError, match="hours: 2-3; the log has no served request in them"):
        Hours(2, 3).of(requests)
    for part in (first_two_weeks, last_week):
        with pytest.raises(InputError, match="the log has 6 hours; needs 504"):
            part(requests)
    for text in ("5", "4-3", "a-b", "1-2-3"):
        with pytest.raises(InputError, match="must be FIRST-LAST"):
            parse_hours(text)


def test_two_weeks_and_the_last_one_do_not_overlap(tmp_path: Path) -> None:
    requests = requests_of(tmp_path, [line(0), line(60 * 504 - 1)])
    assert (first_two_weeks(requests), last_week(requests)) == (Hours(0, 335), Hours(336, 503))
