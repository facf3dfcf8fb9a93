"""Values by training seed and instance: what is left out, and how solvers are paired."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest

from reports.study.seed_blocks import blocks_by, difference

Value = tuple[str, str, int | None, int, str, float]
"""Label, family, scenario seed, training seed, instance, loss; NaN without an answer."""


def cells(values: Iterable[Value]) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=["label", "family", "scenario_seed", "seed", "instance_sha256", "loss"])
    return frame.assign(scenario_seed=frame["scenario_seed"].astype("Int64"), solved=frame["loss"].notna())


def taught(label: str, scenario: int, seeds: Iterable[int], instances: str, of_seed: float = 10.0) -> list[Value]:
    """A loss that tells its seed and its instance."""
    return [(label, "f", scenario, seed, at, of_seed * seed + ord(at)) for seed in seeds for at in instances]


def test_a_block_is_a_row_a_seed_and_a_column_an_instance() -> None:
    found = blocks_by(cells(taught("b", 1, (2, 0), "yx") + taught("a", 0, (0,), "z")), "label", "loss")
    assert {label: list(blocks) for label, blocks in found.items()} == {"a": [("f", "0")], "b": [("f", "1")]}
    block = found["b"]["f", "1"]
    assert (block.seeds.tolist(), block.instances.tolist()) == ([0, 2], ["x", "y"])
    assert block.values.tolist() == [[120.0, 121.0], [140.0, 141.0]]


def test_an_instance_counts_where_every_seed_has_an_answer_and_repetitions_are_averaged() -> None:
    values = [*taught("a", 0, (0, 1), "xy"), ("a", "f", 0, 1, "x", math.nan), ("a", "f", 0, 0, "x", 122.0)]
    values += [("a", "f", 0, 0, "w", 1.0), ("a", "f", 0, 1, "z", 1.0), ("a", "f", 0, 0, "z", math.nan)]
    block = blocks_by(cells(values), "label", "loss")["a"]["f", "0"]
    assert block.instances.tolist() == ["x", "y"]
    assert block.values.tolist() == [[121.0, 121.0], [130.0, 131.0]]


def test_a_label_without_any_such_instance_has_no_blocks_and_a_scenario_may_lack_its_seed() -> None:
    values: list[Value] = [
        ("mute", "f", 0, 0, "x", math.nan),
        ("a", "f", None, 0, "x", 1.0),
        ("a", "g", 0, 0, "y", 2.0),
    ]
    found = blocks_by(cells(values), "label", "loss")
    assert found["mute"] == {}
    assert list(found["a"]) == [("f", "<NA>"), ("g", "0")]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("xyz", (0, 1)), ("xyz", (0, 1)), 90.0 / 2),
        (("wxyz", (0, 1, 2)), ("xyzv", (1, 2, 3)), 90.0 * 3 / 2),
        (("xyz", (0, 1, 3)), ("xyz", (0,)), 100.0 * 4 / 3),
    ],
    ids=["alike", "on what both have", "a single seed beside every other"],
)
def test_differences_are_paired_by_instance_and_seed(
    first: tuple[str, tuple[int, ...]], second: tuple[str, tuple[int, ...]], expected: float
) -> None:
    values = taught("one", 0, first[1], first[0], of_seed=100.0) + taught("other", 0, second[1], second[0])
    blocks = blocks_by(cells(values), "label", "loss")
    found = difference(blocks["one"], blocks["other"])
    assert found is not None
    assert found.mean == pytest.approx(expected)


def test_without_a_scenario_or_an_instance_in_common_there_is_no_difference() -> None:
    values = taught("a", 0, (0,), "xy") + taught("b", 1, (0,), "xy") + taught("c", 0, (0,), "vw")
    blocks = blocks_by(cells(values), "label", "loss")
    assert difference(blocks["a"], blocks["b"]) is None
    assert difference(blocks["a"], blocks["c"]) is None
    assert np.isfinite(blocks["a"]["f", "0"].values).all()
