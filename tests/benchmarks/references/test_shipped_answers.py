"""The shipped table: what it says is judged before it counts, and anything wrong with it is found."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.matrix.file import load_matrix
from benchmarks.process.request import Request
from benchmarks.process.run import run_cell
from benchmarks.references.rebuild import MATRIX
from benchmarks.references.shipped_answers import check_entry, shipped_answers
from benchmarks.references.table import Entry, covered_families, read_entries, write_entries
from problems.families.drawn import FAMILIES
from problems.io.errors import InputError
from tests.cases import sampled


@pytest.fixture(scope="module")
def tiny() -> Entry:
    return read_entries("tiny")[0]


def test_every_family_that_is_drawn_has_ten_references_that_are_certified() -> None:
    assert set(FAMILIES) <= set(covered_families())
    for family in FAMILIES:
        entries = read_entries(family)
        assert [(entry.scenario_seed, entry.trace_seed) for entry in entries] == [(seed, 0) for seed in range(10)]
        assert {entry.source for entry in entries} <= {"enumerated", "two provers agree", "proved"}
    assert set(load_matrix(MATRIX).sources) == set(covered_families())


@pytest.mark.parametrize("family", ["tiny", "small", "paper", "drift", "deadline"])
def test_a_sample_of_the_table_is_what_the_judge_and_the_prices_say(family: str) -> None:
    one = check_entry(read_entries(family)[7])
    assert one.complaints == ()
    assert one.value is not None
    assert one.priced_bound is not None
    assert one.value * 0.9 < one.priced_bound <= one.value


@pytest.mark.parametrize(
    ("family", "solver"), [("tiny", "milp"), ("small", "exhaustive"), ("drift", "branch-and-bound")]
)
def test_a_search_repeats_its_proof(family: str, solver: str) -> None:
    entry = read_entries(family)[4]
    outcome = run_cell(Request(sampled(family, 4), solver, time_limit_s=60.0))
    assert outcome.verdict is not None
    assert outcome.verdict.cost == pytest.approx(entry.value, rel=1e-6)
    assert outcome.lower_bound == pytest.approx(entry.bound, rel=1e-6)


def test_the_command_solves_the_instance_of_its_entry() -> None:
    entry = read_entries("paper")[3]
    assert entry.name == "paper-s3-t0"
    assert entry.command.startswith("t2bench sample paper --scenario-seed 3 --trace-seed 0 -o paper-s3-t0.json && ")
    assert "t2bench solve paper-s3-t0.json --solver branch-and-bound " in entry.command


def test_a_file_that_is_written_reads_back_the_same(tmp_path: Path) -> None:
    entries = read_entries("small")
    path = write_entries("small", entries, tmp_path)
    again = read_entries("small", tmp_path)
    assert covered_families(tmp_path) == ["small"]
    assert write_entries("small", again, tmp_path).read_bytes() == path.read_bytes()
    assert len(path.read_text().splitlines()) == 12
    for one, other in zip(entries, again, strict=True):
        assert (one.value, one.bound, one.proofs) == (other.value, other.bound, other.proofs)
        assert np.array_equal(one.cache, other.cache)


SPOILT: dict[str, tuple[Callable[[Entry], dict[str, Any]], str]] = {
    "value": (lambda e: {"value": e.value * (1 - 1e-6)}, "value: the table says "),
    "bound": (lambda e: {"bound": e.value * 1.001}, "bound: "),
    "priced bound": (lambda e: {"priced_bound": e.priced_bound * (1 + 1e-6)}, "priced_bound: the table says "),
    "no prices": (lambda e: {"prices": None}, "priced_bound: the table says "),
    "proof above": (lambda e: {"proofs": (replace(e.proofs[0], lower_bound=e.value * 1.01),)}, "proofs, branch"),
    "proof below": (lambda e: {"proofs": (replace(e.proofs[0], lower_bound=e.value * 0.9),)}, "proofs, branch"),
    "full cache": (lambda e: {"cache": np.ones_like(e.cache)}, "cache: "),
    "other cache": (lambda e: {"cache": np.zeros_like(e.cache)}, "value: the table says "),
    "short cache": (lambda e: {"cache": e.cache[:1]}, ""),
    "other instance": (lambda e: {"scenario_seed": 1}, "instance: its hash is "),
    "negative prices": (
        lambda e: {"prices": replace(e.prices, steps=-1 - e.prices.steps)},  # type: ignore[type-var]
        "prices.steps[0][0]: ",
    ),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_entry_is_named_and_counts_for_nothing(what: str, tiny: Entry) -> None:
    change, words = SPOILT[what]
    one = check_entry(replace(tiny, **change(tiny)))
    assert any(complaint.startswith(words) for complaint in one.complaints)
    assert one.answers() == []


def test_the_table_speaks_of_its_own_instances_alone() -> None:
    known, unknown = sampled("tiny", 0), sampled("tiny", 0, 1)
    answers = shipped_answers([known.sha256, unknown.sha256])
    assert list(answers) == [known.sha256]
    own = answers[known.sha256]
    assert {answer.label for answer in own} == {
        "shipped reference",
        *(f"{solver} (shipped)" for solver in ("branch-and-bound", "exhaustive", "milp", "brute-force")),
    }
    assert len({answer.cost for answer in own}) == 1
    assert all(answer.bound is not None and answer.cost is not None for answer in own)
    assert math.isclose(max(answer.bound or 0.0 for answer in own), own[0].cost or 0.0, rel_tol=1e-6)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not valid JSON"),
        ('{"format": "other", "version": 1}', "format: 'other'; must be 't2bench-references'"),
        ('{"format": "t2bench-references", "version": 1}', "not a table of references: KeyError"),
        ('{"format": "t2bench-references", "version": 1, "references": [3]}', "not a table of references: TypeError"),
    ],
)
def test_a_file_that_is_no_table_is_one_line(content: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "tiny.json").write_text(content)
    with pytest.raises(InputError) as caught:
        read_entries("tiny", tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'tiny.json'}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_record_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    path = write_entries("tiny", read_entries("tiny")[:1], tmp_path)
    document = json.loads(path.read_text())
    document["references"][0]["verdict"] = "good"
    path.write_text(json.dumps(document))
    with pytest.raises(InputError, match=r"not a table of references: TypeError: .*'verdict'"):
        read_entries("tiny", tmp_path)
