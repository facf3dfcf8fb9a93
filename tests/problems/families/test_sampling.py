"""Sampling is pure, and what it draws is the process that the scenario describes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from problems.families.drawn import FAMILIES
from problems.families.named import family_scenario
from problems.families.sampling import Stream, sample_instance, sample_trace, significant
from problems.instance import Trace, read_instance
from problems.io.errors import InputError
from problems.scenario import Scenario

GOLDEN = "e79bd084e3d36a318ccdf7bb2a2e7616fba92279ef20e20960b5d83db6423b70"
"""The hash of tiny-s0-t0. To see it again:

t2bench sample tiny --scenario-seed 0 --trace-seed 0 -o tiny.json
python -c "import hashlib, json; print(hashlib.sha256(json.dumps(json.load(open('tiny.json')),
    sort_keys=True, separators=(',', ':')).encode()).hexdigest())"
"""

PROGRAM = """
import sys
from pathlib import Path
from problems.families.named import family_scenario
from problems.instance import write_instance
from problems.families.sampling import sample_instance

for family in ("tiny", "deadline"):
    instance = sample_instance(family_scenario(family, 4), 7)
    for suffix in ("json", "json.gz", "npz"):
        write_instance(instance, Path(sys.argv[1]) / f"{family}.{suffix}")
"""


def changed(family: str, demand: dict[str, Any] | None = None, **extent: int) -> Scenario:
    """A family's scenario of another extent or demand."""
    scenario = family_scenario(family, 0)
    process = scenario.demand.model_copy(update=demand or {})
    return scenario.model_copy(update={"demand": process, **extent})


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    for number, threads in enumerate(("1", "2")):
        folder = tmp_path / str(number)
        folder.mkdir()
        environment = os.environ | {"PYTHONHASHSEED": str(number), "OMP_NUM_THREADS": threads, "TZ": f"UTC{number}"}
        subprocess.run([sys.executable, "-c", PROGRAM, folder], check=True, env=environment)
    names = sorted(path.name for path in (tmp_path / "0").iterdir())
    assert len(names) == 6
    for name in names:
        assert (tmp_path / "0" / name).read_bytes() == (tmp_path / "1" / name).read_bytes()
    hashes = {read_instance(tmp_path / "0" / f"tiny.{suffix}").sha256 for suffix in ("json", "json.gz", "npz")}
    assert len(hashes) == 1


def test_the_same_arguments_gave_this_instance_before() -> None:
    assert sample_instance(family_scenario("tiny", 0), 0).sha256 == GOLDEN


@pytest.mark.parametrize("family", FAMILIES)
def test_shapes_and_name(family: str) -> None:
    scenario = family_scenario(family, 1)
    instance = sample_instance(scenario, 2)
    assert instance.name == f"{family}-s1-t2"
    assert instance.trace.state.shape == (scenario.frames,)
    for array in (instance.trace.request, instance.trace.gain, instance.trace.input_mb, instance.trace.output_mb):
        assert array.shape == (scenario.frames, scenario.slots, scenario.users)
        assert np.isfinite(array).all()
    assert instance.active.all()
    assert (instance.trace.gain > 0).all()


def test_traces_differ_in_everything_by_seed_and_scenario() -> None:
    traces = [sample_trace(family_scenario("small", s), t) for s in range(3) for t in range(3)]
    for name in ("request", "gain", "input_mb", "output_mb"):
        assert len({getattr(trace, name).tobytes() for trace in traces}) == len(traces)


def test_a_longer_trace_begins_with_the_same_states() -> None:
    short, long = sample_trace(changed("small", frames=20), 0), sample_trace(changed("small", frames=50), 0)
    assert (long.state[:20] == short.state).all()


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(InputError, match=r"^trace seed: -1; must be >= 0$"):
        sample_instance(family_scenario("tiny", 0), -1)


def test_requests_follow_zipf_in_every_state() -> None:
    scenario = changed("drift", frames=600, slots=10, users=20)
    trace = sample_trace(scenario, 0)
    for state, (order, skew) in enumerate(zip(scenario.demand.ranking, scenario.demand.skew, strict=True)):
        requests = trace.request[trace.state == state].ravel()
        weight = np.arange(1.0, len(order) + 1) ** -skew
        expected = weight / weight.sum()
        observed = np.array([(requests == m).mean() for m in order])
        deviation = np.sqrt(expected * (1 - expected) / requests.size)
        assert (np.abs(observed - expected) < 5 * deviation).all()


def test_states_follow_the_transition() -> None:
    matrix = np.array([[0.6, 0.4, 0.0], [0.1, 0.7, 0.2], [0.3, 0.0, 0.7]])
    demand = {"transition": tuple(map(tuple, matrix.tolist()))}
    state = sample_trace(changed("tiny", demand, frames=20_000, slots=1, users=1), 0).state
    for i in range(3):
        after = state[1:][state[:-1] == i]
        observed = np.array([(after == j).mean() for j in range(3)])
        assert (np.abs(observed - matrix[i]) <= 5 * np.sqrt(matrix[i] * (1 - matrix[i]) / after.size)).all()


def test_the_first_state_varies() -> None:
    scenario = changed("tiny", frames=1, slots=1, users=1)
    first = [sample_trace(scenario, seed).state[0] for seed in range(300)]
    assert np.bincount(first, minlength=3) == pytest.approx([100] * 3, abs=45)


@pytest.mark.parametrize("activity", [0.0, 0.3, 0.9])
def test_users_are_active_as_often_as_the_scenario_says(activity: float) -> None:
    scenario = changed("small", {"activity": activity}, frames=100, slots=10, users=20)
    request = sample_trace(scenario, 0).request
    assert request.min() >= -1
    assert (request >= 0).mean() == pytest.approx(activity, abs=0.02)


def test_sizes_are_log_uniform_on_their_ranges() -> None:
    scenario = changed("small", {"input_mb": (0.5, 10.0), "output_mb": (3.0, 3.0)}, frames=100, slots=10, users=20)
    trace = sample_trace(scenario, 0)
    assert trace.input_mb.min() >= 0.5
    assert trace.input_mb.max() <= 10
    share = np.log(trace.input_mb / 0.5) / np.log(20)
    counts = np.histogram(share, bins=10, range=(0, 1))[0] / share.size
    assert counts == pytest.approx([0.1] * 10, abs=0.015)
    assert (trace.output_mb == 3).all()


def test_fading_is_unit_mean_exponential_with_a_floor() -> None:
    """In a cell smaller than 10 m the distance is the floor of 10 m everywhere, so that fading is all that varies."""
    scenario = changed("small", {"cell_km": 0.005}, frames=200, slots=10, users=20)
    fading = sample_trace(scenario, 0).gain * 10 ** ((128.1 + 37.6 * np.log10(0.01)) / 10)
    assert fading.min() == pytest.approx(0.05, rel=1e-5)
    assert (fading < 0.0501).mean() == pytest.approx(1 - np.exp(-0.05), abs=0.005)
    assert fading.mean() == pytest.approx(1 + np.exp(-0.05) + 0.05 - 1, abs=0.03)
    assert (fading > 1).mean() == pytest.approx(np.exp(-1), abs=0.01)


@pytest.mark.parametrize("move_km", [0.0, 0.05, 0.5, 3.0])
def test_users_stay_in_the_cell(move_km: float) -> None:
    """Nobody is farther away than the cell's radius, so no gain is below that at the edge with the deepest fade."""
    scenario = changed("small", {"cell_km": 0.3, "move_km": move_km}, frames=200, slots=10, users=20)
    gain = sample_trace(scenario, 0).gain
    assert gain.min() >= 10 ** (-(128.1 + 37.6 * np.log10(0.3)) / 10) * 0.05 * (1 - 1e-5)


def test_users_who_do_not_move_keep_their_distance_and_others_do_not() -> None:
    def spread_of_users(move_km: float) -> float:
        scenario = changed("small", {"move_km": move_km}, frames=100, slots=10, users=20)
        return float(np.log(sample_trace(scenario, 0).gain).reshape(-1, 20).mean(axis=0).std())

    assert spread_of_users(0.0) > 3 * spread_of_users(0.3)


def test_six_significant_digits() -> None:
    values = np.array([[1.23456749, 1.23456751], [-9.87654321e-12, 0.0]])
    assert significant(values).tolist() == [[1.23457, 1.23457], [-9.87654e-12, 0.0]]
    trace = sample_trace(family_scenario("small", 0), 0)
    for array in (trace.gain, trace.input_mb, trace.output_mb):
        assert all(value == float(f"{value:.6g}") for value in array.ravel())


def test_streams_are_named_by_their_words() -> None:
    assert (Stream("a", 1).uniform(50) == Stream("a", 1).uniform(50)).all()
    assert not (Stream("a", 1).uniform(50) == Stream("a", 2).uniform(50)).any()
    whole = Stream("w").whole(3, 5, 3000)
    assert np.bincount(whole)[3:] == pytest.approx([1000] * 3, abs=150)
    assert sorted(Stream("p").permutation(9)) == list(range(9))
    uniform = Stream("u").uniform(20_000)
    assert uniform.min() >= 0
    assert uniform.max() < 1
    assert np.histogram(uniform, bins=10)[0] == pytest.approx([2000] * 10, abs=250)


def test_a_trace_is_of_the_declared_types() -> None:
    trace: Trace = sample_trace(family_scenario("tiny", 0), 0)
    assert trace.state.dtype == trace.request.dtype == np.int64
    assert trace.gain.dtype == trace.input_mb.dtype == trace.output_mb.dtype == np.float64
