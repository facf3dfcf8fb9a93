"""Tables: the exponents with which solve times grow, one table a family and dimension."""

from __future__ import annotations

from typing import Any

from reports.chapters.growth.measure import CONFIDENCE, LEAST_SIZES, SYMBOLS, Axis, fits
from reports.writing.numbers import between, fixed
from reports.writing.table import Column, Table

METHOD = (
    f"Solve time is taken as proportional to a power of the size; the exponent is the slope of a least-squares line "
    f"through the logarithms of all completed cells, at all sizes, with its {100 * CONFIDENCE:g}\u00a0% interval. A "
    f"cell is stopped where a limit ended it or it used up its time limit: the times are then only known to be longer, "
    f"are left out of the fit, and the exponent is likely too small. Fewer than {LEAST_SIZES} completed sizes give no "
    f"exponent. Every solve has a fixed overhead of some milliseconds, which flattens what is fast: the last step, the "
    f"slope between the two largest sizes with every cell completed, says more about large instances. A last step well "
    f"above the exponent, or a low R², means that no single power describes the growth."
)


def growth_table(axis: Axis) -> Table:
    """The exponents on one axis, the slowest growth first, blanks with their reason last."""
    dimension = SYMBOLS[axis.dimension]
    sizes = ", ".join(map(str, axis.sizes))
    columns = (
        Column("solver", lambda r: r.label, "label"),
        Column(f"exponent of {dimension}", lambda r: fixed(r.exponent, 2), "number"),
        Column(f"{100 * CONFIDENCE:g} % interval", _interval, "number"),
        Column("R²", lambda r: fixed(r.r_squared, 2), "number"),
        Column("last step", lambda r: fixed(r.last_exponent, 2), "number"),
        Column("sizes fitted", lambda r: str(r.sizes), "number"),
        Column("cells fitted", lambda r: str(r.completed), "number"),
        Column("stopped", lambda r: str(r.censored), "number"),
        Column("failed", lambda r: str(r.failed), "number"),
        Column("not tried", lambda r: str(r.not_tried), "number"),
        Column("why no exponent", lambda r: r.reason),
    )
    caption = f"Instances of {axis.family} with {dimension} = {sizes} and {axis.fixed_sizes}."
    return Table("growth", f"{axis.family}: solve time against {dimension}", caption, fits(axis), columns)


def _interval(row: Any) -> str:
    return between(row.low, row.high, lambda end: fixed(end, 2))
