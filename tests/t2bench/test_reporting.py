"""The report, its figures and comparisons from Python."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.figure import Figure

import t2bench


def test_the_report_is_written(store: t2bench.Store, tmp_path: Path) -> None:
    page = t2bench.report(store, tmp_path / "report")
    assert page == tmp_path / "report" / "index.html"
    assert (tmp_path / "report" / "figures" / "gap-per-family.png").is_file()


def test_figures_are_objects_of_matplotlib(store: t2bench.Store, tmp_path: Path) -> None:
    figure = t2bench.figure(store, "gap-per-family")
    assert isinstance(figure, Figure)
    figure.savefig(tmp_path / "gaps.png")
    assert (tmp_path / "gaps.png").stat().st_size > 1000
    assert isinstance(t2bench.figure(store.location, "answers-against-time"), Figure)


def test_a_figure_of_which_the_store_has_nothing_is_refused_as_another_name_is(store: t2bench.Store) -> None:
    with pytest.raises(t2bench.InputError, match=r"figure: sweeps: .*study\.sqlite has nothing for it to show"):
        t2bench.figure(store, "sweeps")
    with pytest.raises(t2bench.InputError, match=r"figure: 'nonsense'; must be one of gap-against-time, "):
        t2bench.figure(store, "nonsense")


def test_the_names_of_figures_are_told() -> None:
    assert all(f"``{name}``" in (t2bench.figure.__doc__ or "") for name in t2bench.FIGURES)


def test_a_store_compared_with_itself_has_not_changed(store: t2bench.Store) -> None:
    found = t2bench.compare(store, store.location)
    assert (found.regressions, found.matched) == ((), 6)
    assert {change.label for change in found.solvers} == {"best", "lru", "none"}
    exactly = t2bench.compare_exactly(store, store)
    assert (exactly.differences, exactly.matched) == ((), 6)


def test_what_is_missing_is_a_regression(store: t2bench.Store, tmp_path: Path) -> None:
    matrix = {"name": "small-study", "solvers": ["lru"], "families": ["tiny"]}
    less = t2bench.run(matrix, tmp_path / "less.sqlite", jobs=1)
    assert {one.kind for one in t2bench.compare(store, less, time_tolerance=None).regressions} == {"missing"}
    assert {one.kind for one in t2bench.compare_exactly(store, less).differences} == {"missing"}
