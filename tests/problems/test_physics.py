"""Rates, times and quality: NumPy and torch alike, of the right slopes and limits."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from problems import physics
from problems.families.named import family_scenario
from problems.scenario import System
from tests import independent
from tests.cases import as_instance, random_document

torch = pytest.importorskip("torch")

SYSTEM: System = family_scenario("deadline", 0).system
MODEL: dict[str, float] = {"steps_low": 7.5, "steps_high": 41.0, "tv_worst": 130.0, "tv_best": 35.0}


def draws(count: int = 500) -> dict[str, np.ndarray]:
    """Arguments over many orders of magnitude."""
    rng = np.random.default_rng(0)
    return {
        "bandwidth": 10 ** rng.uniform(-6, 0, count),
        "steps": rng.integers(0, 60, count).astype(float),
        "gain": 10 ** rng.uniform(-18, -5, count),
        "input_mb": rng.uniform(0, 10, count),
        "output_mb": rng.uniform(0, 10, count),
        "step_s": rng.uniform(0.02, 0.3, count),
        "setup_s": rng.uniform(0, 1.5, count),
        "cloud_s": rng.uniform(4, 12, count),
    }


def costs(arguments: dict[str, Any]) -> Any:
    """Through every function: the cost of each request."""
    latency = physics.latency_s(**arguments, system=SYSTEM)
    like = arguments["steps"] * 0
    quality = physics.quality_tv(arguments["steps"], *(like + value for value in MODEL.values()))
    return physics.request_cost(latency, quality, SYSTEM)


def test_numpy_and_torch_agree() -> None:
    arrays = draws()
    tensors = {name: torch.as_tensor(array) for name, array in arrays.items()}
    assert isinstance(costs(tensors), torch.Tensor)
    assert costs(tensors).numpy() == pytest.approx(costs(arrays), rel=1e-13)


def test_single_precision_agrees_roughly() -> None:
    arrays = draws()
    tensors = {name: torch.as_tensor(array, dtype=torch.float32) for name, array in arrays.items()}
    assert costs(tensors).dtype == torch.float32
    assert costs(tensors).numpy() == pytest.approx(costs(arrays), rel=1e-4)


def test_broadcasting() -> None:
    bandwidth, gain = np.array([[0.1], [0.2]]), np.array([1e-10, 1e-9, 1e-8])
    rates = physics.uplink_mbps(bandwidth, gain, SYSTEM)
    assert rates.shape == (2, 3)
    assert rates[1, 2] == physics.uplink_mbps(bandwidth[1], gain[2:], SYSTEM)[0]


def test_the_formulas() -> None:
    arrays, system = draws(200), SYSTEM.model_dump()
    model = MODEL | {"size_gb": 1.0}
    for i in range(200):
        one = {name: float(array[i]) for name, array in arrays.items()}
        request = independent.Request(
            model | {name: one[name] for name in ("step_s", "setup_s", "cloud_s")},
            *(0, one["gain"], one["input_mb"], one["output_mb"]),
        )
        seconds, _ = independent.generation(system, request, one["steps"])
        latency = independent.air_time(system, request, one["bandwidth"]) + seconds
        assert SYSTEM.deadline_s is not None
        tv = independent.quality(model, one["steps"])
        cost = 0.5 * latency + 0.5 * 0.15 * tv + max(0.0, latency - SYSTEM.deadline_s)
        assert costs({name: array[i : i + 1] for name, array in arrays.items()})[0] == pytest.approx(cost, rel=1e-12)


def test_one_worked_example() -> None:
    """A ratio of 3 over the whole uplink and of 15 over the downlink: 2 and 4 bits a second and hertz."""
    system = SYSTEM.model_copy(
        update={
            "uplink_mhz": 5.0,
            "downlink_mhz": 10.0,
            "noise_w_per_mhz": 0.1,
            "user_power_w": 1.5,
            "bs_power_w": 15.0,
            "backhaul_mbps": 80.0,
        }
    )
    one = np.array([1.0])
    assert physics.uplink_mbps(one, one, system)[0] == pytest.approx(10)
    assert physics.downlink_mbps(one, one, system)[0] == pytest.approx(40)
    assert physics.downlink_mbps(one / 4, one, system)[0] == pytest.approx(10)
    assert physics.uplink_mbps(one / 5, one, system)[0] == pytest.approx(4)  # log2(1 + 15) times 1 MHz
    assert physics.air_time_s(one, one, 5 * one, 10 * one, system)[0] == pytest.approx(4 + 2)
    assert physics.cloud_time_s(5 * one, 10 * one, 7 * one, system)[0] == pytest.approx(1.5 + 7)


def test_more_bandwidth_is_faster_with_falling_returns() -> None:
    b = np.linspace(0.01, 1, 400)
    like = np.ones_like(b)
    for gain in (1e-16, 1e-12, 1e-7):
        rate = physics.uplink_mbps(b, gain * like, SYSTEM)
        air = physics.air_time_s(b, gain * like, 3 * like, 2 * like, SYSTEM)
        assert (np.diff(rate) > 0).all()
        assert (np.diff(rate, 2) < 0).all()
        assert (np.diff(air) < 0).all()
        assert (np.diff(air, 2) > 0).all()


def slope(function: Callable[[Any], Any], at: float) -> float:
    """A derivative by automatic differentiation."""
    x = torch.tensor([at], dtype=torch.float64, requires_grad=True)
    function(x).sum().backward()
    assert x.grad is not None
    return float(x.grad[0])


def test_gradients_have_the_right_signs_and_sizes() -> None:
    one = torch.ones(1, dtype=torch.float64)
    gain = 1e-10 * one
    assert slope(lambda b: physics.uplink_mbps(b, gain, SYSTEM), 0.1) > 0
    assert slope(lambda b: physics.downlink_mbps(b, gain, SYSTEM), 0.1) > 0
    assert slope(lambda g: physics.uplink_mbps(0.1 * one, g, SYSTEM), 1e-10) > 0
    request = independent.Request({}, 0, 1e-10, 1.0, 1.0)
    expected = -independent.marginal_gain(SYSTEM.model_dump(), request, 0.1)
    air = slope(lambda b: physics.air_time_s(b, gain, one, one, SYSTEM), 0.1)
    assert air == pytest.approx(expected, rel=1e-10)

    def quality(s: Any) -> Any:
        return physics.quality_tv(s, *(value * one for value in MODEL.values()))

    assert slope(quality, 20.0) == pytest.approx((35 - 130) / (41 - 7.5))
    assert slope(quality, 3.0) == 0
    assert slope(quality, 50.0) == 0


@pytest.mark.parametrize("steps", [0.0, 1.0, 7.0, 7.5, 8.0, 24.25, 40.0, 41.0, 42.0, 1e9])
def test_quality_between_its_plateaus(steps: float) -> None:
    found = physics.quality_tv(np.array([steps]), *(np.array([value]) for value in MODEL.values()))[0]
    assert found == pytest.approx(independent.quality(MODEL, steps), rel=1e-14)
    assert 35 <= found <= 130


def test_quality_is_exact_on_its_plateaus() -> None:
    steps = np.array([0, 7, 7.5, 41, 60])
    found = physics.quality_tv(steps, *(np.full(5, value) for value in MODEL.values()))
    assert found.tolist() == [130.0, 130.0, 130.0, 35.0, 35.0]


def test_lateness() -> None:
    seconds = np.array([0.0, 3.0, 3.0 + 1e-9, 10.0])
    at_three = SYSTEM.model_copy(update={"deadline_s": 3.0})
    assert physics.lateness_s(seconds, at_three) == pytest.approx([0, 0, 1e-9, 7], rel=1e-6)
    never = SYSTEM.model_copy(update={"deadline_s": None})
    assert physics.lateness_s(seconds, never).tolist() == [0, 0, 0, 0]
    assert not bool(physics.lateness_s(torch.as_tensor(seconds), never).any())


def test_a_weak_signal_has_a_rate_proportional_to_its_gain() -> None:
    """log2(1 + x) tends to x / ln 2, and the band's share drops out of the uplink."""
    b, gain = np.array([1e-3, 1.0]), np.array([1e-25, 1e-25])
    limit = 0.2 * 1e-25 / SYSTEM.noise_w_per_mhz / math.log(2)
    assert physics.uplink_mbps(b, gain, SYSTEM) == pytest.approx([limit, limit], rel=1e-8)
    assert physics.uplink_mbps(b, 1e-60 * b, SYSTEM) == pytest.approx(limit * 1e-35 * b, rel=1e-8)


def test_a_strong_signal_has_a_rate_of_the_logarithm() -> None:
    b, gain = np.array([0.5]), np.array([1e50])
    bits = math.log2(0.2) + 50 * math.log2(10) - math.log2(SYSTEM.noise_w_per_mhz * SYSTEM.uplink_mhz * 0.5)
    assert physics.uplink_mbps(b, gain, SYSTEM)[0] == pytest.approx(0.5 * SYSTEM.uplink_mhz * bits, rel=1e-12)


@pytest.mark.parametrize("kind", [np.asarray, torch.as_tensor])
@pytest.mark.filterwarnings("ignore:overflow")
def test_a_vanishing_share_takes_for_ever_whatever_the_gain(kind: Callable[[Any], Any]) -> None:
    """Where the ratio of powers overflows the rate must not become infinite, and the air time not zero."""
    b = kind(np.array([1e-290, 1e-300, 1e-320]))
    like = b * 0
    for gain in (1e-6, 1.0, 1e20):
        air = physics.air_time_s(b, like + gain, like + 1, like, SYSTEM)
        assert (np.asarray(air) > 1e280).all()


def test_no_data_takes_no_time() -> None:
    zero, some = np.zeros(3), np.array([1e-9, 0.1, 1.0])
    assert physics.air_time_s(some, 1e-10 + zero, zero, zero, SYSTEM).tolist() == [0, 0, 0]


@pytest.mark.parametrize("share", [1e-6, 1e-3, 0.1, 1.0, 50.0])
@pytest.mark.parametrize("gain", [1e-20, 1e-16, 1e-12, 1e-8, 1.0])
def test_the_slope_of_air_time_is_its_derivative(share: float, gain: float) -> None:
    document = random_document(0)
    request = independent.Request(document["models"][0], 0, gain, 2.0, 3.0)
    system = as_instance(document).system
    slope = physics.air_slope_s(np.array(share), np.array(gain), np.array(2.0), np.array(3.0), system)
    assert float(slope) == pytest.approx(
        share**2 * independent.marginal_gain(document["system"], request, share), rel=1e-8
    )
