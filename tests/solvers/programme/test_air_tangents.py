"""Tangents of air times lie below them and touch them where they are taken."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.programme.air_tangents import air_curve, around, underestimated, with_tangents
from solvers.programme.formulation import Formulation, formulate
from tests import independent
from tests.cases import Document, as_instance, random_document


def coupled(seed: int) -> tuple[Document, Formulation]:
    """A programme with a row for every request that sends anything."""
    document = random_document(seed, shape=(1, 2, 3), models=3, deadline=True, idle=0.2)
    document["system"]["late_penalty"] = 1.0
    return document, formulate(as_instance(document))


def seconds_at(formulation: Formulation, x: np.ndarray) -> np.ndarray:
    """The true air times at the shares of a point."""
    air = formulation.programme.air
    return air_curve(air, np.arange(len(air)), x[air.share])[0]


@pytest.mark.parametrize("seed", range(4))
def test_the_curve_is_the_air_time_and_its_slope(seed: int) -> None:
    document, formulation = coupled(seed)
    air = formulation.programme.air
    names = [formulation.programme.names[column] for column in air.share]
    asked = {f"b_{t}_{k}_{n}": request for t, k, n, request in independent.active_requests(document)}
    for b in (0.02, 0.4):
        seconds, slope = air_curve(air, np.arange(len(air)), np.full(len(air), b))
        for row, name in enumerate(names):
            assert seconds[row] == pytest.approx(independent.air_time(document["system"], asked[name], b), rel=1e-12)
            gain = independent.marginal_gain(document["system"], asked[name], b)
            assert slope[row] == pytest.approx(-gain, rel=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_true_air_times_keep_every_tangent_and_shorter_ones_break_it_where_it_touches(seed: int) -> None:
    _, formulation = coupled(seed)
    programme, air = formulation.programme, formulation.programme.air
    rng = np.random.default_rng(seed)
    rows, before = np.arange(len(air)), programme.matrix.shape[0]
    x = np.zeros(len(programme.names))
    x[air.share] = rng.uniform(programme.lower[air.share], programme.upper[air.share])
    tight = with_tangents(programme, rows, x[air.share])
    added, limit = tight.matrix[before:], tight.limit[before:]
    assert added.shape[0] == len(air)
    x[air.seconds] = seconds_at(formulation, x)
    assert added @ x == pytest.approx(limit, rel=1e-12)
    for _ in range(20):
        x[air.share] = rng.uniform(programme.lower[air.share], programme.upper[air.share])
        x[air.seconds] = seconds_at(formulation, x)
        assert (added @ x <= limit + 1e-9 * np.abs(limit)).all()


def test_around_a_point_there_are_tangents_on_both_sides() -> None:
    _, formulation = coupled(0)
    programme, air = formulation.programme, formulation.programme.air
    x = np.zeros(len(programme.names))
    x[air.share] = 1.0 / 6.0
    rounded = around(programme, x)
    for factor in (0.6, 1.0, 1.8):
        x[air.share] = factor / 6.0
        true = seconds_at(formulation, x)
        x[air.seconds] = 0.9 * true
        assert rounded.broken(x) > 0.0
        x[air.seconds] = true
        added = rounded.matrix[len(programme.limit) :] @ x - rounded.limit[len(programme.limit) :]
        assert (added <= 1e-9 * np.abs(true).max()).all()


def test_air_times_that_are_too_short_are_named() -> None:
    _, formulation = coupled(1)
    programme, air = formulation.programme, formulation.programme.air
    x = np.zeros(len(programme.names))
    x[air.share] = 0.2
    x[air.seconds] = seconds_at(formulation, x)
    assert underestimated(programme, x, 1e-9).tolist() == []
    x[air.seconds[:2]] -= [0.1, 0.001]
    assert underestimated(programme, x, 1e-9).tolist() == [0, 1]
    assert underestimated(programme, x, 0.01).tolist() == [0]
