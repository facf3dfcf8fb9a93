"""Prices prove lower bounds, whatever they are."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from problems import physics
from problems.certificates import bound as certificate
from problems.certificates import file as certificate_file
from problems.certificates import service as priced_service
from problems.certificates.bound import certified_bound, relaxed
from problems.io.errors import InputError
from problems.judge import judge
from problems.prices import Prices
from tests import independent
from tests.cases import as_instance, random_document, random_feasible, sampled
from tests.problems.certificates.prices import random_prices
from tests.slow import few


@pytest.mark.parametrize("seed", few(15, range(40)))
def test_no_prices_prove_more_than_the_optimum(seed: int) -> None:
    document = random_document(seed, deadline=False)
    instance = as_instance(document)
    best = independent.optimum(document).cost
    for turn in range(5):
        assert certified_bound(instance, random_prices(instance, 10 * seed + turn)) <= best * (1 + 1e-12)


@pytest.mark.parametrize("seed", few(15, range(40)))
def test_nor_more_than_any_feasible_cost_with_a_deadline(seed: int) -> None:
    instance = as_instance(random_document(seed, deadline=True))
    costs = [judge(instance, random_feasible(instance, s)).cost for s in range(20)]
    for turn in range(5):
        assert certified_bound(instance, random_prices(instance, 10 * seed + turn)) <= min(costs) * (1 + 1e-12)


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_extreme_weights_and_channels(alpha: float) -> None:
    for seed in range(5):
        document = random_document(seed, deadline=False)
        document["system"]["latency_weight"] = alpha
        document["trace"]["gain"][0][0] = [1e-22, 1.0, 1e-14]
        instance = as_instance(document)
        bound = certified_bound(instance, random_prices(instance, seed))
        assert np.isfinite(bound)
        assert bound <= independent.optimum(document).cost * (1 + 1e-12) + 1e-12


def test_with_the_right_price_of_the_band_air_time_costs_its_optimum() -> None:
    """One user needs the whole band: its price is alpha slope(1), and nothing is lost by pricing it."""
    document = random_document(3, shape=(1, 1, 1), models=1, idle=0.0, deadline=False, forced_edge=False)
    document["system"] |= {"cache_gb": 0.0, "latency_weight": 0.7}
    instance = as_instance(document)
    best = independent.optimum(document).cost

    def bound(price: float) -> float:
        return certified_bound(instance, Prices(np.zeros((1, 1)), np.full((1, 1), price), np.zeros((1, 1))))

    (request,) = (request for *_, request in independent.active_requests(document))
    right = 0.7 * independent.marginal_gain(document["system"], request, 1.0)
    assert bound(right) == pytest.approx(best, rel=1e-9)
    for price in right * np.geomspace(1e-4, 1e4, 200):
        assert bound(float(price)) <= best * (1 + 1e-12)


def test_the_relaxed_answer_says_what_it_uses() -> None:
    instance = sampled("small")
    free = Prices(np.zeros((10, 4)), np.full((10, 4), 1e-9), np.zeros((10, 6)))
    dear = Prices(np.full((10, 4), 1e6), np.full((10, 4), 1e9), np.zeros((10, 6)))
    assert (relaxed(instance, free).steps_used >= relaxed(instance, dear).steps_used).all()
    assert (relaxed(instance, free).band_used > 1).all()
    assert (relaxed(instance, dear).band_used < 1).all()
    assert (relaxed(instance, free).cache @ instance.catalogue.size_gb <= instance.system.cache_gb * (1 + 2e-9)).all()


def test_prices_of_another_shape_are_refused() -> None:
    instance = sampled("tiny")
    prices = random_prices(instance, 0)
    with pytest.raises(InputError, match=r"prices\.steps"):
        certified_bound(instance, replace(prices, steps=prices.steps[:1]))


@pytest.mark.parametrize("module", [certificate, certificate_file, priced_service, physics])
def test_checking_a_certificate_takes_no_solver(module: ModuleType) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text())
    modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    allowed = {
        "__future__",
        "json",
        "math",
        "dataclasses",
        "pathlib",
        "typing",
        "numpy",
        "array_api_compat",
        "problems",
    }
    assert {str(name).split(".")[0] for name in modules} <= allowed
