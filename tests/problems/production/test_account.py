"""Every row of a log and every place of a trace is accounted for once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from problems.instance import IDLE
from problems.production.account import account
from problems.production.fit import fit_scenario
from tests.problems.production.logs import EXTENT, HOURS, requests_of, small_lines


def numbers(text: str) -> list[int]:
    """The whole numbers that stand alone."""
    return [int(word) for word in re.findall(r"(?<![\w-])\d+(?![\w-])", text)]


def test_rows_and_places_add_up(tmp_path: Path) -> None:
    requests = requests_of(tmp_path, small_lines())
    fitted = fit_scenario(requests, HOURS, 22.0, "mine", EXTENT)
    rows, places = account(requests, HOURS, fitted.seats, fitted.scenario)
    total, *parts = numbers(rows)
    assert total == 401 == sum(parts)
    assert places.startswith(f"{30 * 6 * 4} places (30 frames, 6 slots, 4 users)")
    taken = int((fitted.seats.entry != IDLE).sum())
    assert f"{taken} requests, {30 * 6 * 4 - taken} idle" in places


def test_without_an_entry_for_the_rest_its_requests_are_left_out(tmp_path: Path) -> None:
    requests = requests_of(tmp_path, small_lines())
    fitted = fit_scenario(requests, HOURS, 22.0, "mine", EXTENT)
    named = fitted.scenario.model_copy(update={"models": fitted.scenario.models[:3]})
    whole = numbers(account(requests, HOURS, fitted.seats, fitted.scenario)[0])
    entry = fitted.seats.entry.copy()
    entry[entry == 3] = IDLE
    seats = replace(fitted.seats, entry=entry)
    rows, _ = account(requests, HOURS, seats, named)
    assert "(left out)" in rows
    assert numbers(rows) == whole
