"""Certificates survive their files, and what is no certificate is refused in one line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from problems.certificates.bound import certified_bound
from problems.certificates.file import (
    Certificate,
    SearchBound,
    certificate_path,
    read_certificate,
    remove_certificate,
    write_certificate,
)
from problems.instance import Instance
from problems.io.errors import InputError
from problems.prices import Prices
from tests import independent
from tests.cases import as_instance, edited, random_document
from tests.problems.certificates.prices import random_prices
from tests.solvers.support import solve

SEARCH = SearchBound("some-search", 0.1 + 0.2)


@pytest.fixture
def instance() -> Instance:
    return as_instance(random_document(1, deadline=False))


@pytest.fixture
def document(instance: Instance, tmp_path: Path) -> dict[str, Any]:
    write_certificate(instance, Certificate(random_prices(instance, 4), SEARCH), tmp_path / "whole.json")
    found: dict[str, Any] = json.loads((tmp_path / "whole.json").read_text())
    return found


def read(document: dict[str, Any], instance: Instance, folder: Path) -> Certificate:
    (folder / "c.json").write_text(json.dumps(document))
    return read_certificate(folder / "c.json", instance)


@pytest.mark.parametrize("with_prices", [True, False])
@pytest.mark.parametrize("search", [SEARCH, None])
def test_round_trip(instance: Instance, tmp_path: Path, with_prices: bool, search: SearchBound | None) -> None:
    prices = random_prices(instance, 4) if with_prices else None
    if prices is None and search is None:
        return
    write_certificate(instance, Certificate(prices, search), tmp_path / "c.json")
    again = read_certificate(tmp_path / "c.json", instance)
    assert again.search == search
    assert (again.prices is None) == (prices is None)
    if prices is not None and again.prices is not None:
        assert certified_bound(instance, again.prices) == certified_bound(instance, prices)


def test_a_file_of_version_1_still_reads(instance: Instance, document: dict[str, Any], tmp_path: Path) -> None:
    old = {name: document[name] for name in document if name != "search"} | {"version": 1}
    again = read(old, instance, tmp_path)
    assert again.search is None
    assert again.prices is not None


def test_spoiled_prices_prove_less_or_nothing_but_never_more(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for seed in range(5):
        document = random_document(seed, deadline=False)
        instance, optimum = as_instance(document), independent.optimum(document).cost
        prices = solve("lagrangian", instance).prices
        assert prices is not None
        proved = certified_bound(instance, prices)
        weaker = 0
        for _ in range(20):
            factors = {name: 10.0 ** rng.uniform(-1, 1, np.shape(array)) for name, array in vars(prices).items()}
            spoiled = Prices(**{name: getattr(prices, name) * factor for name, factor in factors.items()})
            write_certificate(instance, Certificate(spoiled, None), tmp_path / "c.json")
            try:
                again = read_certificate(tmp_path / "c.json", instance).prices
            except InputError:
                continue
            assert again is not None
            bound = certified_bound(instance, again)
            assert bound <= optimum * (1 + 1e-12)
            weaker += bound < proved
        assert weaker > 0 or instance.system.load_cost_per_gb > 0


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("prices", "steps", 0, 0), -1.0, "prices.steps[0][0]: -1; must be >= 0"),
        (("prices", "loading", 0, 0), 1e9, "prices.loading[0][0]: 1e+09; must be in 0..load_cost_per_gb size_gb"),
        (("prices", "steps"), [[1.0]], "prices.steps: array of shape [1, 1]; must be [3, 2]"),
        (("prices", "bandwidth"), None, "prices.bandwidth: array of shape []; must be [3, 2]"),
        (("prices",), 3, "prices: 3; must be an object"),
        (("search",), [], "search: []; must be an object"),
        (("search", "solver"), None, "search.solver: None; must be text"),
        (("search", "lower_bound"), "high", "search.lower_bound: 'high'; must be a number"),
        (("search", "tolerance"), True, "search.tolerance: True; must be a number"),
        (("search", "tolerance"), 0.5, "search.tolerance: 0.5; must be in 0..1e-06"),
        (("instance_sha256",), "0" * 64, "instance_sha256: '000000"),
        (("format",), "other", "format: 'other'; must be 't2bench-certificate'"),
        (("version",), 3, "version: 3; must be 2 or 1"),
    ],
)
def test_what_is_wrong_is_named(
    instance: Instance,
    document: dict[str, Any],
    tmp_path: Path,
    path: tuple[str | int, ...],
    value: object,
    complaint: str,
) -> None:
    with pytest.raises(InputError) as caught:
        read(edited(document, path, value), instance, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'c.json'}: {complaint}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("version", [1, 2])
def test_a_certificate_of_nothing_is_refused(
    instance: Instance, document: dict[str, Any], tmp_path: Path, version: int
) -> None:
    search = document["search"] if version == 1 else None
    with pytest.raises(InputError, match="a certificate needs prices"):
        read(document | {"version": version, "prices": None, "search": search}, instance, tmp_path)


def test_another_instance_s_certificate_is_refused(document: dict[str, Any], tmp_path: Path) -> None:
    other = as_instance(random_document(2, deadline=False))
    with pytest.raises(InputError, match="the hash of this instance"):
        read(document, other, tmp_path)


def test_a_search_is_named_only_where_it_says_more(instance: Instance) -> None:
    prices = random_prices(instance, 4)
    proved = certified_bound(instance, prices)
    assert Certificate.of(instance, "s", None, None) is None
    for bound in (None, proved - 1.0, proved, proved + 1e-12):
        certificate = Certificate.of(instance, "s", bound, prices)
        assert certificate is not None
        assert (certificate.prices, certificate.search) == (prices, None)
    more = Certificate.of(instance, "s", proved + 1.0, prices)
    alone = Certificate.of(instance, "s", 2.0, None)
    assert more is not None
    assert alone is not None
    assert (more.prices, more.search) == (prices, SearchBound("s", proved + 1.0))
    assert (alone.prices, alone.search) == (None, SearchBound("s", 2.0))


def test_what_contradicts_a_search() -> None:
    search = SearchBound("s", 10.0)
    assert search.holds(10.0)
    assert search.holds(10.0 * (1 - 5e-10))
    assert not search.holds(10.0 * (1 - 2e-9))
    assert not replace(search, tolerance=0.0).holds(10.0 * (1 - 5e-10))


def test_it_stands_beside_the_solution(tmp_path: Path) -> None:
    assert certificate_path(Path("a/s.json")) == Path("a/s.certificate.json")
    assert certificate_path(Path("s")) == Path("s.certificate.json")
    (tmp_path / "c").touch()
    for _ in range(2):
        remove_certificate(tmp_path / "c")
        assert not (tmp_path / "c").exists()
    with pytest.raises(InputError, match="cannot be removed"):
        remove_certificate(tmp_path)
