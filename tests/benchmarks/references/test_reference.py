"""The references of an instance, from answers whose truth is known."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.references.reference import Answer, Reference, captured_gain, gap, reference_of
from problems import judge


def answer(label: str, cost: float | None, bound: float | None = None, **fields: object) -> Answer:
    values = {"solver": label, "exact": False, "complete": True, **fields}
    return Answer(label=label, cost=cost, bound=bound, **values)  # type: ignore[arg-type]


def test_a_proved_cost_is_the_optimum_and_its_prover_is_named() -> None:
    reference = reference_of([answer("heuristic", 2.2), answer("exhaustive", 2.0, 2.0 * (1 - 9e-7), exact=True)])
    assert reference.certified
    assert reference.best_cost == 2.0
    assert reference.provenance == "proved by exhaustive"
    assert reference.gap(2.2) == pytest.approx((0.1, 0.1))
    assert reference.gap(2.0) == (0.0, 0.0)


def test_a_bound_short_of_the_tolerance_proves_nothing() -> None:
    assert not reference_of([answer("exhaustive", 2.0, 2.0 * (1 - 2e-6), exact=True)]).certified


def test_the_bound_of_one_solver_can_prove_the_cost_of_another() -> None:
    reference = reference_of([answer("heuristic", 2.0), answer("relaxation", 2.5, 2.0), answer("bounder", None, 1.9)])
    assert reference.best_label == "heuristic"
    assert reference.provenance == "proved by relaxation"


def test_two_different_exact_methods_agree() -> None:
    reference = reference_of(
        [answer("brute-force", 2.0, 2.0, exact=True), answer("exhaustive", 2.0 * (1 + 1e-8), 2.0, exact=True)]
    )
    assert reference.agreeing == 2
    assert reference.provenance == "proved by brute-force, exhaustive; two exact methods agree"


def test_the_exact_methods_among_more_provers_are_counted_as_such() -> None:
    proved = [answer("brute-force", 2.0, 2.0, exact=True), answer("exhaustive", 2.0, 2.0, exact=True)]
    reference = reference_of([*proved, answer("relaxation", 2.0, 2.0)])
    assert reference.provenance == "proved by brute-force, exhaustive, relaxation; two exact methods among them agree"


@pytest.mark.parametrize("solver", ["exhaustive", "exhaustive+exact", "exhaustive+convex"])
def test_pairs_with_the_same_caching_are_one_method(solver: str) -> None:
    reference = reference_of(
        [answer("exhaustive", 2.0, 2.0, exact=True), answer("again", 2.0, 2.0, exact=True, solver=solver)]
    )
    assert reference.agreeing == 1
    assert "agree" not in reference.provenance
    assert len(reference.provers) == 1


def test_a_heuristic_proved_by_a_bound_is_no_second_prover() -> None:
    reference = reference_of([answer("exhaustive", 2.0, 2.0, exact=True), answer("relaxation", 2.0, 2.0)])
    assert reference.provers == ("exhaustive", "relaxation")
    assert reference.agreeing == 1


def test_without_a_proof_the_gap_is_an_interval() -> None:
    reference = reference_of([answer("a", 2.2), answer("b", 2.0, 1.6), answer("c", None, 1.5)])
    assert not reference.certified
    assert reference.best_bound == 1.6
    assert reference.gap(2.2) == pytest.approx((0.1, 0.375))
    assert reference.provenance == "not certified: best cost by b, bound by b"


@pytest.mark.parametrize("bound", [None, 0.0, -3.0])
def test_without_a_positive_bound_the_interval_has_no_end(bound: float | None) -> None:
    reference = reference_of([answer("a", 2.0, bound)])
    assert reference.gap(2.0) == (0.0, math.inf)
    assert reference.provenance == "not certified: best cost by a, no bound"


def test_a_bound_above_a_judged_cost_is_a_contradiction_and_counts_nowhere() -> None:
    reference = reference_of(
        [answer("liar", 2.2, 2.2, exact=True), answer("heuristic", 2.0), answer("relaxation", 2.1, 1.8)]
    )
    (found,) = reference.contradictions
    assert (found.label, found.bound, found.cost_label, found.cost) == ("liar", 2.2, "heuristic", 2.0)
    assert found.excess == pytest.approx(0.1)
    assert not reference.certified
    assert reference.best_bound == 1.8


def test_a_bound_within_the_tolerance_of_the_judge_is_no_contradiction() -> None:
    assert not reference_of([answer("a", 2.0, 2.0 * (1 + 5e-10))]).contradictions
    assert reference_of([answer("a", 2.0, 2.0 * (1 + 5e-9))]).contradictions


def test_captured_gain_lies_between_the_cloud_and_the_optimum() -> None:
    reference = reference_of([answer("none", 3.0), answer("exhaustive", 2.0, 2.0, exact=True)])
    assert reference.captured(3.0) == (0.0, 0.0)
    assert reference.captured(2.0) == (1.0, 1.0)
    assert reference.captured(3.5) == pytest.approx((-0.5, -0.5))


def test_captured_gain_is_an_interval_without_certificate() -> None:
    reference = reference_of([answer("none", 3.0), answer("a", 2.0, 1.0)])
    assert reference.captured(2.0) == (0.5, 1.0)
    assert reference.captured(4.0) == (-1.0, -0.5)


@pytest.mark.parametrize(
    "answers",
    [
        [answer("a", 2.0, 2.0)],
        [answer("none", 3.0, complete=False), answer("a", 2.0, 2.0)],
        [answer("none", None), answer("a", 2.0, 2.0)],
        [answer("none", 3.0), answer("a", 2.0)],
        [answer("none", 2.0, 2.0), answer("a", 2.0)],
    ],
    ids=["no cloud", "cloud cut short", "cloud failed", "no bound", "nothing to gain"],
)
def test_captured_gain_is_missing_rather_than_invented(answers: list[Answer]) -> None:
    assert reference_of(answers).captured(2.0) is None


KNOWN = (None, 0.0, 1.0, 1.5, 2.0)


@pytest.mark.parametrize("cost", [0.0, 1.25, 1.5, 2.0, 3.0, 0.1 + 0.2])
def test_many_costs_have_what_each_has_alone_bit_for_bit(cost: float) -> None:
    references = [
        Reference(best_cost=best, best_bound=bound, cloud_cost=cloud, provers=provers)
        for best, bound, cloud, provers in itertools.product(KNOWN[1:], KNOWN, KNOWN, ((), ("exact",)))
    ]
    best, bound, cloud = (
        np.array([getattr(one, name) for one in references], dtype=float)
        for name in ("best_cost", "best_bound", "cloud_cost")
    )
    certified = np.array([one.certified for one in references])
    gaps = np.transpose(gap(np.full(len(references), cost), best, bound, certified))
    gains = np.transpose(captured_gain(cost, cloud, best, bound, certified))
    for one, low_high, gain in zip(references, gaps, gains, strict=True):
        assert one.gap(cost) == tuple(low_high)
        np.testing.assert_array_equal(one.captured(cost) or (math.nan, math.nan), gain)
        assert one.best_cost is not None
        assert low_high[0] == judge.optimality_gap(cost, one.best_cost)
        if one.certified and one.cloud_cost is not None:
            alone = judge.captured_gain(cost, one.cloud_cost, one.best_cost)
            np.testing.assert_array_equal(gain, math.nan if alone is None else alone)
            assert (one.stake is None) == (alone is None)


def test_the_cloud_is_known_by_its_solver_not_its_label() -> None:
    reference = reference_of([answer("my cloud", 3.0, solver="none+exact"), answer("none", 9.0, solver="other")])
    assert reference.cloud_cost == 3.0


def test_nothing_solved_leaves_the_bound() -> None:
    reference = reference_of([answer("a", None, 1.5), answer("b", None)])
    assert reference.best_cost is None
    assert reference.provenance == "no feasible answer; bound by a"


def test_the_source_is_the_surest_thing_that_is_known() -> None:
    enumerated = answer("brute-force", 2.0, 2.0, exact=True)
    exact = answer("exhaustive", 2.0, 2.0, exact=True)
    bounder = answer("relaxation", None, 2.0)
    assert reference_of([enumerated, exact, bounder]).source == "enumerated"
    assert reference_of([exact, answer("milp", 2.0, 2.0, exact=True)]).source == "two provers agree"
    assert reference_of([exact, bounder]).source == "proved"
    assert reference_of([answer("a", 2.0), bounder]).source == "proved"
    assert reference_of([answer("a", 2.0, 1.9), replace(enumerated, bound=1.0)]).source == "best known"
    assert reference_of([bounder]).source == "bound alone"
    assert reference_of([answer("a", None)]).source == "nothing"


@pytest.mark.parametrize(
    ("status", "cost", "bound", "expected"),
    [
        ("optimal", 2.0, 2.0, (2.0, 2.0, True)),
        ("feasible", 2.0, math.nan, (2.0, None, True)),
        ("timeout", 2.0, 1.0, (2.0, 1.0, False)),
        ("timeout", None, 1.0, (None, 1.0, False)),
        ("bound-only", None, 1.0, (None, 1.0, False)),
        ("invalid", 2.0, 2.0, (None, None, False)),
        ("crash", 2.0, None, (None, None, False)),
    ],
)
def test_a_row_says_what_the_judge_lets_it_say(
    status: str, cost: float | None, bound: float | None, expected: tuple[float | None, float | None, bool]
) -> None:
    row = {"label": "a", "solver": "b", "exact": None, "status": status, "cost": cost, "lower_bound": bound}
    found = Answer.of_row(row)
    assert (found.cost, found.bound, found.complete) == expected
    assert not found.exact
    assert Answer.of_row({**row, "exact": True}).exact


def test_a_cell_is_named_before_the_shipped_table_where_both_say_the_same() -> None:
    own = answer("z-own", 2.0, 2.0, exact=True, solver="exhaustive")
    table = answer("a (shipped)", 2.0, 2.0, exact=True, solver="exhaustive", shipped=True)
    liar = answer("liar", None, 3.0)
    reference = reference_of([table, own, liar])
    assert reference.best_label == "z-own"
    assert reference.provers == ("z-own",)
    assert [one.cost_label for one in reference.contradictions] == ["z-own"]
