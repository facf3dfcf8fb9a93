"""The GenTD26 log as served requests."""

from __future__ import annotations

import random
import time
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from problems.io.errors import InputError
from problems.production.gentd26 import ServedRequests, is_gentd26, read_gentd26
from tests.problems.production.logs import HEADER, line, real_log, requests_of, small_lines, write_log


def same(first: ServedRequests, second: ServedRequests) -> bool:
    return all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f") if isinstance(a, np.ndarray) else a == b
        for a, b in ((getattr(first, field.name), getattr(second, field.name)) for field in fields(first))
    )


def test_every_row_is_served_or_counted(tmp_path: Path) -> None:
    rows = [line(0), line(61, "B", status="FAILED"), line(1, ""), line(2, status="PENDING", service_s="0.0"), line(3)]
    requests = requests_of(tmp_path, rows)
    assert (requests.rows, requests.failed, requests.without_model, len(requests.second)) == (5, 2, 1, 2)
    assert requests.second.tolist() == [0.0, 180.0]
    assert requests.hours == 2


def test_the_order_of_rows_and_columns_and_other_columns_do_not_matter(tmp_path: Path) -> None:
    rows = small_lines()
    expected = requests_of(tmp_path, rows)
    shuffled = random.Random(1).sample(rows, len(rows))
    assert same(requests_of(tmp_path, shuffled), expected)
    turned = [",".join(["red", *reversed(row.split(","))]) for row in rows]
    path = write_log(tmp_path / "turned.csv", turned, ",".join(["colour", *reversed(HEADER.split(","))]))
    assert same(read_gentd26(path), expected)


@pytest.mark.parametrize("zone", ["+08:00", "-0330", "Z"])
def test_a_time_zone_does_not_matter(tmp_path: Path, zone: str) -> None:
    rows = small_lines(3)
    zoned = [f"{row[:19]}{zone}{row[19:]}" for row in rows]
    assert same(requests_of(tmp_path, zoned), requests_of(tmp_path, rows))


def test_rows_of_several_zones_are_the_same_instants(tmp_path: Path) -> None:
    here, there = "2024-11-15 16:00:00+00:00", "2024-11-16 00:30:00+08:00"
    requests = requests_of(tmp_path, [here + line(0)[19:], there + line(0)[19:]])
    assert requests.second.tolist() == [0.0, 1800.0]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([line(0), line(1)[2:]], "line 3, column gmt_create: '24-11-15 16:58:50'; must be a time"),
        ([line(0), line(1).replace(":50,", ":50+08:00,", 1)], "line 2, column gmt_create: .* has no time zone"),
        ([line(0, service_s="-3")], "line 2, column exec_time_seconds: '-3'; must be a number > 0"),
        ([line(0, images="many")], "line 2, column num_images_per_prompt: 'many'; must be a number > 0"),
        ([line(0, group="")], "line 2, column groupId: ''; must not be empty"),
        ([line(0, status="FAILED")], "column predict_status: no row is SUCCEED and names a model"),
        ([], "no rows"),
    ],
)
def test_bad_rows_get_one_line(tmp_path: Path, rows: list[str], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        requests_of(tmp_path, rows)
    assert str(caught.value).startswith(str(tmp_path / "log.csv"))
    assert "\n" not in str(caught.value)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = write_log(tmp_path / "log.csv", [line(0)], HEADER.replace("groupId", "group"))
    with pytest.raises(InputError, match="column groupId: missing; required"):
        read_gentd26(path)


def test_the_header_tells_the_format(tmp_path: Path) -> None:
    assert is_gentd26(write_log(tmp_path / "a.csv", [line(0)]))
    assert not is_gentd26(write_log(tmp_path / "b.csv", ["0,0,0,A"], "frame,slot,user,model"))


def test_the_real_log_is_read_in_two_seconds_and_every_row_is_counted() -> None:
    path = real_log("lora_request_trace.csv")
    start = time.process_time()
    requests = read_gentd26(path)
    assert time.process_time() - start < 2
    assert (requests.rows, requests.failed, requests.without_model) == (26823, 431, 0)
    assert len(requests.second) == 26392
