"""What a cell costs beside its solve: a process, its limits, the judge and the store, on one core and on two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.engine.local import LocalEngine
from benchmarks.machine.provenance import cores
from benchmarks.matrix.matrix import Matrix
from benchmarks.process import launcher
from benchmarks.store.store import Store

ROUNDS, CELLS_A_ROUND = 10, 100
MOST_OVERHEAD_S = 0.060
MOST_WITH_TWO_JOBS = 0.6
"""Of the time that one job takes."""
PRELOADED = ("none+equal", "t2drl")
"""Solvers whose libraries every cell finds imported, PyTorch among them."""


@pytest.fixture(scope="module")
def a_cell_s(tmp_path_factory: pytest.TempPathFactory) -> dict[int, float]:
    """Seconds a cell of the best round so far, by the number of jobs; what else runs on the machine does not count."""
    pytest.importorskip("torch")
    launcher.prepare(PRELOADED)
    _round(tmp_path_factory.mktemp("first"), jobs=1)()
    return {}


def _round(folder: Path, jobs: int) -> Callable[[], None]:
    """Run 100 cells that do next to nothing into a new store."""
    document = {"format": "t2bench-matrix", "version": 1, "name": "speed", "families": ["tiny"]}
    document |= {"solvers": [{"name": "none+equal"}], "repetitions": CELLS_A_ROUND}
    cells = Matrix.model_validate(document).cells()
    location = folder / "s.sqlite"

    def run() -> None:
        location.unlink(missing_ok=True)
        with Store.open(location, create=True) as store:
            for row in LocalEngine(jobs).run(cells):
                store.add(row)

    return run


@pytest.mark.benchmark(min_rounds=ROUNDS)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_thousand_cells_of_trivial_work(
    benchmark: BenchmarkFixture, tmp_path: Path, a_cell_s: dict[int, float], jobs: int
) -> None:
    benchmark(_round(tmp_path, jobs))

    assert benchmark.stats is not None
    a_cell_s[jobs] = benchmark.stats.stats.min / CELLS_A_ROUND
    benchmark.extra_info["seconds_a_cell"] = a_cell_s[jobs]
    assert a_cell_s[jobs] <= MOST_OVERHEAD_S
    if jobs == 2 and cores() >= 2:
        assert a_cell_s[2] <= MOST_WITH_TWO_JOBS * a_cell_s[1]
