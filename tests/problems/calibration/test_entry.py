"""The catalogue entry of fitted curves."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from problems.calibration.curves import CURVE_FIELDS, fit_curves
from problems.calibration.entry import catalogue_model, commented, entry_yaml, fit_remarks
from problems.scenario import Model
from tests.problems.calibration.support import made_up


def test_the_entry_is_what_a_scenario_s_file_holds() -> None:
    curves = fit_curves(made_up(np.random.default_rng(3)))
    model = catalogue_model(curves, size_gb=4.0, cloud_s=9.0)
    text = commented(fit_remarks(curves), entry_yaml([model]))
    (entry,) = yaml.safe_load(text)["models"]
    assert Model.model_validate(entry) == model
    for field in CURVE_FIELDS:
        assert entry[field] == pytest.approx(getattr(curves, field).value, rel=1e-5)
    assert max(map(len, text.splitlines())) <= 130
