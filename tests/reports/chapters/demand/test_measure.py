"""Right on what holds and what turns."""

from __future__ import annotations

import numpy as np
import pytest

from reports.chapters.demand.measure import HOLDS, NEVER, PARTLY, TURNS
from tests.reports.cells import Row, study_from
from tests.reports.chapters.demand.gains import BEST, CLOUD, TRACES, cells, compared


def test_gains_are_pooled_and_ranked_on_every_family(rows: list[Row]) -> None:
    found = compared(rows)
    assert found.families == ["drift", "production"]
    assert found.fitted == ["production"]
    assert found.instances == [TRACES, TRACES]
    assert found.learners == ["t2drl"]
    study = study_from(rows)
    cost = study.cells[(study.cells["label"] == "lru") & (study.cells["scope"] == "drift")].set_index("instance")[
        "cost"
    ]
    scale = np.array([1 + trace / 10 for trace in range(TRACES)])
    pooled = 100 * (CLOUD * scale - cost.to_numpy()).sum() / ((CLOUD - BEST) * scale).sum()
    assert found.standings["lru"][0].gain.mean == pytest.approx(pooled)
    assert [found.standings["exhaustive"][place].rank for place in (0, 1)] == [1, 1]
    assert [found.standings["none"][place].gain.mean for place in (0, 1)] == [0, 0]
    assert found.standings["lru"][1].rank < found.standings["lfu"][1].rank
    assert len(found.standings["t2drl"][1].by_seed) == 3


def test_the_interval_of_a_pooled_gain_is_that_of_a_ratio() -> None:
    always = {"static": lambda *_: 0.9, "lfu": lambda *_: 0.5}
    found = compared(cells("drift", always) + cells("production", always))
    gain = found.standings["static"][0].gain
    assert (gain.mean, gain.low, gain.high) == pytest.approx((90, 90, 90))


def test_an_order_turns_holds_or_shows_on_some_families(rows: list[Row]) -> None:
    verdicts = {frozenset((pair.first, pair.second)): pair.verdict for pair in compared(rows).pairs}
    assert verdicts[frozenset(("lfu", "lru"))] == TURNS
    assert verdicts[frozenset(("static", "lfu"))] == HOLDS
    assert verdicts[frozenset(("t2drl", "lfu"))] == PARTLY
    assert verdicts[frozenset(("random", "lru"))] in (PARTLY, NEVER)
    assert not any("none" in pair or "exhaustive" in pair for pair in verdicts)
