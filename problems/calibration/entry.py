"""A catalogue entry (YAML) from fitted curves: ``models`` as a scenario's file has them, with the fit in comments."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import yaml

from problems.calibration.curves import CURVE_FIELDS, Curves
from problems.families.sampling import six
from problems.scenario import Model

_WIDTH = 118


def catalogue_model(curves: Curves, size_gb: float, cloud_s: float) -> Model:
    """A model of the catalogue, its curves rounded to six digits; size and cloud time are not measured."""
    fitted = {field: six(getattr(curves, field).value) for field in CURVE_FIELDS}
    return Model(name=curves.model, size_gb=size_gb, cloud_s=cloud_s, **fitted)


def entry_yaml(models: Sequence[Model]) -> str:
    """The models as a scenario's file has them."""
    document = {"models": [model.model_dump(mode="json") for model in models]}
    return yaml.dump(document, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)


def commented(lines: Sequence[str], body: str) -> str:
    """YAML under lines of comment, the long ones broken."""
    broken = [part for line in lines for part in wrap(line, _WIDTH, subsequent_indent="  ", break_on_hyphens=False)]
    return "\n".join([*(f"# {line}" for line in broken), body])


def fit_remarks(fit: Curves) -> list[str]:
    """The intervals of a fit, and what whoever uses it should know."""
    intervals = ", ".join(
        f"{field} {interval.low:.4g} to {interval.high:.4g}"
        for field, interval in ((field, getattr(fit, field)) for field in CURVE_FIELDS)
    )
    return [f"{fit.model}, 95 % intervals: {intervals}", *(f"{fit.model}: {remark}" for remark in fit.remarks)]
