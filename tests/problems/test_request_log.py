"""Recorded request logs as traces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from problems.families.named import family_scenario
from problems.instance import IDLE, UNKNOWN_STATE, Instance, read_instance, write_instance
from problems.io.errors import InputError
from problems.request_log import instance_from_log
from problems.scenario import Scenario

LOG = """frame,slot,user,model,gain,input_mb,output_mb
0,0,0,m1,1e-11,1.5,2
0,1,1,2,2e-11,0.5,10
2,0,0,m0,3e-11,3,4
"""


@pytest.fixture
def scenario() -> Scenario:
    return family_scenario("tiny", 0)


def read(scenario: Scenario, folder: Path, text: str, trace_seed: int = 0) -> Instance:
    path = folder / "log.csv"
    path.write_text(text)
    return instance_from_log(scenario, path, trace_seed)


def test_rows_become_requests_and_everybody_else_is_idle(scenario: Scenario, tmp_path: Path) -> None:
    instance = read(scenario, tmp_path, LOG)
    assert instance.trace.request.shape == (3, scenario.slots, scenario.users)
    assert instance.active_requests == 3
    assert instance.trace.request[0, 0].tolist() == [1, IDLE]
    assert instance.trace.request[0, 1].tolist() == [IDLE, 2]
    assert instance.trace.request[1].tolist() == [[IDLE, IDLE], [IDLE, IDLE]]
    assert instance.trace.gain[0, 1, 1] == 2e-11
    assert (instance.trace.input_mb[2, 0, 0], instance.trace.output_mb[2, 0, 0]) == (3.0, 4.0)


def test_states_are_unknown_and_hidden_and_the_file_can_be_read_back(scenario: Scenario, tmp_path: Path) -> None:
    instance = read(scenario, tmp_path, LOG)
    assert (instance.trace.state == UNKNOWN_STATE).all()
    assert not instance.demand.state_observed
    write_instance(instance, tmp_path / "a.json")
    assert read_instance(tmp_path / "a.json").sha256 == instance.sha256


def test_the_order_of_rows_and_columns_does_not_matter(scenario: Scenario, tmp_path: Path) -> None:
    header, *rows = LOG.splitlines()
    shuffled = "\n".join([header, *reversed(rows)]) + "\n"
    columns = [0, 3, 2, 1, 6, 5, 4]
    turned = "\n".join(",".join(line.split(",")[c] for c in columns) for line in LOG.splitlines()) + "\n"
    original = read(scenario, tmp_path, LOG).sha256
    assert read(scenario, tmp_path, shuffled).sha256 == original
    assert read(scenario, tmp_path, turned).sha256 == original


def test_what_was_not_recorded_is_sampled_by_the_trace_seed(scenario: Scenario, tmp_path: Path) -> None:
    text = "frame,slot,user,model\n0,0,0,m1\n"
    first, again, other = (read(scenario, tmp_path, text, seed) for seed in (0, 0, 1))
    assert first.sha256 == again.sha256
    assert not np.array_equal(first.trace.gain, other.trace.gain)
    assert (first.trace.input_mb >= 0.5).all()
    assert (first.trace.input_mb <= 10).all()


def test_users_may_be_labels(scenario: Scenario, tmp_path: Path) -> None:
    instance = read(scenario, tmp_path, "frame,slot,user,model\n0,0,ann,m1\n0,1,bob,m2\n0,0,bob,m0\n")
    assert instance.trace.request[0].tolist() == [[1, 0], [IDLE, 2]]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("frame,slot,user\n0,0,0\n", "column model: missing; required"),
        ("frame,slot,user,model,colour\n0,0,0,m1,red\n", "column 'colour': not known"),
        ("frame,slot,user,model\n", "no rows; needs at least one"),
        ("", "not valid CSV"),
        ("frame,slot,user,model\n0,0,0,m1\n0,9,0,m1\n", r"line 3, column slot: '9'; must be a whole number in 0\.\.1"),
        ("frame,slot,user,model\n-1,0,0,m1\n", "line 2, column frame: '-1'; must be a whole number in 0"),
        ("frame,slot,user,model\n0,0,7,m1\n", r"line 2, column user: '7'; must be a whole number in 0\.\.1"),
        ("frame,slot,user,model\n0,0,a,m1\n0,0,b,m1\n0,0,c,m1\n", "line 4, column user: 'c'; is label number 3"),
        ("frame,slot,user,model\n0,0,0,m9\n", "line 2, column model: 'm9'; must be a model's name"),
        ("frame,slot,user,model\n0,0,0,m1\n0,0,0,m2\n", "line 3, column user: '0'; must have one request a slot"),
        ("frame,slot,user,model,gain\n0,0,0,m1,nan\n", "line 2, column gain: 'nan'; must be a number > 0"),
        ("frame,slot,user,model,input_mb\n0,0,0,m1,-2\n", "line 2, column input_mb: '-2'; must be a number > 0"),
        ("frame,slot,user,model\n0,0,0,m1\n\n", "line 3, column frame: ''; must be a whole number"),
    ],
)
def test_bad_logs_get_one_line(scenario: Scenario, tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        read(scenario, tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path / "log.csv"))
    assert "\n" not in str(caught.value)


def test_a_missing_log_is_named(scenario: Scenario, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: cannot be read: no such file or directory"):
        instance_from_log(scenario, tmp_path / "none.csv")
