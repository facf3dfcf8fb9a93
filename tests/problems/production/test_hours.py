"""Hours of a log: as text, as a mask, and which are there to fit and to judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from problems.io.errors import InputError
from problems.production.hours import Hours, first_two_weeks, last_week, parse_hours
from tests.problems.production.logs import line, requests_of


@pytest.mark.parametrize("text", ["0-335", "7-7", "999999-999999"])
def test_text_is_read_as_it_is_written(text: str) -> None:
    hours = parse_hours(text)
    assert str(hours) == text
    assert len(hours) == hours.last - hours.first + 1


@pytest.mark.parametrize(
    "text", ["5", "4-3", "a-b", "1-2-3", "", "-1-2", "1- 2", "1-1000000", "\N{ARABIC-INDIC DIGIT ONE}-2"]
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="must be FIRST-LAST"):
        parse_hours(text)


def test_both_ends_are_inside(tmp_path: Path) -> None:
    requests = requests_of(tmp_path, [line(minute) for minute in (0, 59, 60, 125, 179, 240)])
    assert Hours(1, 2).of(requests).tolist() == [False, False, True, True, True, False]


def test_hours_that_the_log_does_not_have(tmp_path: Path) -> None:
    requests = requests_of(tmp_path, [line(0), line(300)])
    with pytest.raises(InputError, match="hours: 2-9; the log has the hours 0-5"):
        Hours(2, 9).of(requests)
    with pytest.raises(InputError, match="hours: 2-3; the log has no served request in them"):
        Hours(2, 3).of(requests)
    for part in (first_two_weeks, last_week):
        with pytest.raises(InputError, match="the log has 6 hours; needs 504"):
            part(requests)


def test_two_weeks_and_the_last_one_do_not_overlap(tmp_path: Path) -> None:
    requests = requests_of(tmp_path, [line(0), line(60 * 504 - 1)])
    assert (first_two_weeks(requests), last_week(requests)) == (Hours(0, 335), Hours(336, 503))
