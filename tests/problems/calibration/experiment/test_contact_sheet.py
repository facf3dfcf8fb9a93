"""Contact sheets show what the chains hold, digit by digit and model by model."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image

from problems.calibration.experiment.contact_sheet import ROWS, contact_sheets
from problems.calibration.experiment.digits import ink
from problems.calibration.experiment.networks import DIGITS, SIDE, network
from problems.calibration.experiment.sampling import sample

LARGER, SEED = 6, 7


def test_a_sheet_holds_rows_of_every_digit_for_every_model() -> None:
    models = {}
    for name in ("first", "second"):
        torch.manual_seed(len(models))
        models[name] = network(8).eval()
    sheets = dict(contact_sheets(models, (2,), (1,)))
    assert list(sheets) == ["stopped-02", "planned-01"]
    grey = np.asarray(Image.open(io.BytesIO(sheets["stopped-02"])))[::LARGER, ::LARGER] / 255.0
    edged = SIDE + 1
    assert grey.shape == (2 * ROWS * edged + 2, DIGITS * edged)
    for number, model in enumerate(models.values()):
        pictures = 1.0 - ink(sample(model, 2, "stopped", ROWS * DIGITS, SEED))[:, 0].numpy()
        for n, picture in enumerate(pictures):
            down = number * (ROWS * edged + 2) + (n // DIGITS) * edged
            right = (n % DIGITS) * edged
            shown = grey[down : down + SIDE, right : right + SIDE]
            assert shown == pytest.approx(picture, abs=0.5 / 255 + 1e-6)
