"""What a store tells: the report's files, its figures as objects, and two stores held against each other."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from benchmarks.store.store import Store as Database
from problems.io.errors import InputError, shorten
from reports.chapters.overview.figures import NAMES, figures
from reports.compare import exact
from reports.compare.compare import TIME_TOLERANCE, TOLERANCE, Comparison, with_missing
from reports.compare.compare import compare as compare_rows
from reports.compare.exact import ExactComparison
from reports.compare.matched_cells import COLUMNS
from reports.report import CHAPTERS, FIGURES, write_report
from t2bench.stores import AnyStore, open_store


def report(store: AnyStore, folder: str | Path) -> Path:
    """Write the report of a store, with its figures and tables, into a folder; the path of its page.

    Raises InputError for a store without cells and a folder that cannot be written.

    >>> t2bench.report("study.sqlite", "report")
    """
    with Database.open(open_store(store).location) as database:
        return write_report(database, Path(folder))


def figure(store: AnyStore, name: str) -> Figure:
    """A figure of the report as an object of matplotlib, to be shown, changed or saved.

    Names (``t2bench.FIGURES``): ``gap-against-time``, ``gap-per-family``, ``cost-split``, ``average-ranks``,
    ``performance-profiles``, ``answers-against-time``, ``time-against-size``, ``excess-of-learners``,
    ``excess-against-training``, ``places-by-demand`` and ``sweeps``. Raises InputError for another name, and where the
    store has not what the figure shows.

    >>> t2bench.figure("study.sqlite", "gap-per-family").savefig("gaps.pdf")
    """
    if name not in FIGURES:
        raise InputError(f"figure: {shorten(name)}; must be one of {', '.join(FIGURES)}")
    study = open_store(store).study()
    if name in NAMES:
        drawn = figures(study)
    else:
        drawn = [one for module in CHAPTERS if name == module.FIGURE for one in module.chapter(study).figures]
    for one in drawn:
        if one.name == name:
            return one.draw()
    raise InputError(f"figure: {name}: {open_store(store).location} has nothing for it to show")


def compare(
    before: AnyStore, after: AnyStore, tolerance: float = TOLERANCE, time_tolerance: float | None = TIME_TOLERANCE
) -> Comparison:
    """What got better or worse from one store to another, cell by cell and solver by solver.

    Tolerances are fractions: by how much a cost may rise, and a solver's time; None: times decide nothing. A solver
    that is missing is a regression. Raises InputError where no cell is in both.

    >>> found = t2bench.compare("before.sqlite", "after.sqlite", time_tolerance=None)
    >>> found.regressions
    >>> pandas.DataFrame(found.solvers)
    """
    old, new = _rows_of(before), _rows_of(after)
    return with_missing(compare_rows(old, new, tolerance, time_tolerance), old, new)


def compare_exactly(before: AnyStore, after: AnyStore) -> ExactComparison:
    """Whether two stores are the same but for times: every cost to the last bit, every status and every cell.

    Cells that a limit ended are named apart. Raises InputError where no cell is in both.

    >>> t2bench.compare_exactly("before.sqlite", "after.sqlite").differences
    """
    return exact.compare_exactly(_rows_of(before), _rows_of(after))


def _rows_of(store: AnyStore) -> pd.DataFrame:
    with Database.open(open_store(store).location) as database:
        return database.rows(*COLUMNS)
