"""How often ``t2bench compare`` tells a slower solver, and how often it takes chance for one.

``python -m tests.speed.comparisons [COMPARISONS]`` runs a matrix over and over, every other time with two
solvers of it slowed by half, one that works and one that sleeps, and counts what comparisons with the run before say.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd

from benchmarks.engine.local import LocalEngine
from benchmarks.matrix.matrix import Matrix
from benchmarks.process import launcher
from benchmarks.store.store import Store
from reports.compare.compare import compare
from reports.compare.matched_cells import COLUMNS

COMPARISONS = 10
SLOWER = 1.5
PACED = ("Works", "Sleeps")
REAL = ("none", "exhaustive", "milp-relaxation", "branch-and-bound")


def main(comparisons: int = COMPARISONS) -> None:
    """Print the counts and how busy the machine was."""
    alarms, found, loads = 0, Counter[str](), list[float]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        matrix = _matrix(folder / "pace")
        before = _run(matrix, folder, 1.0)
        for _ in range(comparisons):
            again, slower = _run(matrix, folder, 1.0), _run(matrix, folder, SLOWER)
            alarms += bool(compare(before, again).regressions)
            found.update({one.label for one in compare(again, slower).regressions})
            loads.append(os.getloadavg()[0])
            before = again
    launcher.shut_down()
    print(f"{comparisons} comparisons of a run with the one before: {alarms} with a regression")
    for label in (*PACED, *REAL):
        what = f"slowed by {SLOWER - 1:.0%}" if label in PACED else "as fast as before"
        print(f"{label}, {what}: named in {found[label]} of {comparisons}")
    print(f"load: {min(loads):.1f} to {max(loads):.1f}")


def _matrix(pace: Path) -> Matrix:
    file = Path(__file__).with_name("paced.py")
    paced = [{"name": f"{file}:{name}", "label": name, "settings": {"pace": str(pace)}} for name in PACED]
    document = {"format": "t2bench-matrix", "version": 1, "name": "paced", "families": ["tiny"], "trace_seeds": "0-9"}
    return Matrix.model_validate(document | {"solvers": [*paced, *({"name": name} for name in REAL)]})


def _run(matrix: Matrix, folder: Path, pace: float) -> pd.DataFrame:
    """The rows of a run of its own."""
    (folder / "pace").write_text(str(pace))
    location = folder / "s.sqlite"
    location.unlink(missing_ok=True)
    with Store.open(location, create=True) as store:
        for row in LocalEngine(1).run(matrix.cells()):
            store.add(row)
        return store.rows(*COLUMNS)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
