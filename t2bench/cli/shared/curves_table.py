"""The table of fitted curves: a line a number, a column a model."""

from __future__ import annotations

from collections.abc import Sequence

from problems.calibration.curves import CURVE_FIELDS, Curves
from problems.calibration.intervals import Interval
from problems.calibration.shapes import SHAPES
from reports.writing.numbers import significant
from t2bench.cli.shared.columns import aligned


def curves_table(fitted: Sequence[Curves]) -> str:
    """Each number with its interval, how well the curves fit, how well other shapes would, and remarks."""
    lines = [
        ["", *(fit.model for fit in fitted)],
        *([field, *(_interval(getattr(fit, field)) for fit in fitted)] for field in CURVE_FIELDS),
        ["quality_tv, R2", *(f"{fit.quality.r_squared:.4f}" for fit in fitted)],
        ["seconds, R2", *(f"{fit.time.r_squared:.4f}" for fit in fitted)],
        *(
            [f"error left out, TV: {shape}", *(significant(fit.prediction_errors[shape]) for fit in fitted)]
            for shape in SHAPES
        ),
    ]
    return "\n".join([aligned(lines), *(f"{fit.model}: {remark}" for fit in fitted for remark in fit.remarks)])


def _interval(number: Interval) -> str:
    return f"{number.value:.4g} ({number.low:.4g} to {number.high:.4g})"
