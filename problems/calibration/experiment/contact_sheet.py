"""Contact sheets: for each number of steps what every model makes of each digit, to be looked at."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from PIL import Image
from torch import Tensor, nn

from problems.calibration.experiment.digits import ink
from problems.calibration.experiment.networks import DIGITS
from problems.calibration.experiment.sampling import sample, walk

ROWS = 3
"""Pictures of each digit and model."""
_ENLARGED = 6
_SEED = 7
_EDGE = 0.25
"""Ink of the lines between pictures."""


def contact_sheets(
    models: Mapping[str, nn.Module], stopped: Sequence[int], planned: Sequence[int]
) -> Iterator[tuple[str, bytes]]:
    """Name and PNG: digits from left to right, models from top to bottom in their order, all from the same noise."""
    requests = ROWS * DIGITS
    chains = [walk(model, requests, _SEED) for model in models.values()]
    for steps in stopped:
        yield f"stopped-{steps:02d}", _png([chain[steps - 1] for chain in chains])
    for steps in planned:
        yield f"planned-{steps:02d}", _png([sample(m, steps, "planned", requests, _SEED) for m in models.values()])


def _png(groups: Sequence[Tensor]) -> bytes:
    bands = [_band(ink(pictures)[:, 0].numpy()) for pictures in groups]
    gap = np.ones((2, bands[0].shape[1]))
    sheet = np.concatenate([part for band in bands for part in (band, gap)][:-1])
    grey = np.rint(255.0 * (1.0 - sheet)).astype(np.uint8).repeat(_ENLARGED, axis=0).repeat(_ENLARGED, axis=1)
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, format="png")
    return stream.getvalue()


def _band(pictures: np.ndarray) -> np.ndarray:
    """(ROWS * DIGITS, side, side) as one array, ``DIGITS`` pictures a line."""
    edged = np.pad(pictures, ((0, 0), (0, 1), (0, 1)), constant_values=_EDGE)
    lines = edged.reshape(ROWS, DIGITS, *edged.shape[1:]).transpose(0, 2, 1, 3)
    return lines.reshape(ROWS * edged.shape[1], DIGITS * edged.shape[2])
