"""Intervals and tests err as often as they say, and where they do not that is known."""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.paired_tests import POWER
from reports.statistics.simulated_studies import (
    HARD,
    USUAL,
    Design,
    Draw,
    coverage,
    friedman_alarms,
    heavy,
    main,
    normal,
    pairwise_alarms,
    power_at_least_detectable,
    signed_rank_alarms,
    skewed,
)

STUDIES = 1000


@pytest.mark.parametrize("design", [USUAL[0], USUAL[2], USUAL[7], USUAL[8]], ids=str)
def test_intervals_hold_the_truth(design: Design) -> None:
    assert 0.93 <= coverage(design, STUDIES) <= 0.97


def test_a_few_lopsided_seeds_are_known_to_be_too_few() -> None:
    assert coverage(HARD[5], 300) < 0.93


@pytest.mark.parametrize("draw", [normal, heavy])
def test_signed_ranks_raise_few_false_alarms(draw: Draw) -> None:
    assert 0.03 <= signed_rank_alarms(12, 0.0, draw, STUDIES) <= 0.07


def test_several_equal_solvers_raise_few_false_alarms() -> None:
    assert 0.03 <= friedman_alarms(12, 4, STUDIES) <= 0.07
    assert 0.03 <= pairwise_alarms(12, 4, STUDIES) <= 0.07


def test_the_smallest_detectable_lead_is_found_as_often_as_it_says() -> None:
    assert POWER - 0.08 <= power_at_least_detectable(36, normal, STUDIES) <= POWER + 0.08


def test_effects_have_the_variance_that_they_say() -> None:
    for draw in (normal, skewed, heavy):
        drawn = draw(np.random.default_rng(0), (200_000,))
        assert abs(drawn.mean()) < 0.02
        assert drawn.std() == pytest.approx(1, abs=0.05)


def test_the_command_prints_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--studies", "2"]) == 0
    printed = capsys.readouterr().out
    for words in ("usual studies", "hard studies", "signed ranks, 12 instances", "after Holm", "smallest detectable"):
        assert words in printed
    with pytest.raises(SystemExit, match="2"):
        main(["--studies", "0"])
