"""Measurements made up from known curves."""

from __future__ import annotations

import numpy as np

from problems.calibration.measurements import Measurements
from problems.physics import edge_time_s, quality_tv

STEPS = np.array([1, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40], dtype=float)
TRUTH = {"steps_low": 10.4, "steps_high": 31.0, "tv_worst": 120.0, "tv_best": 35.0, "step_s": 0.14, "setup_s": 0.8}


def made_up(random: np.random.Generator, *, seeds: int = 4, noise_tv: float = 3.0, noise: float = 0.05) -> Measurements:
    """Quality with normal noise in TV, seconds with noise in proportion."""
    steps = np.repeat(STEPS, seeds)
    curve = quality_tv(steps, *(np.array(TRUTH[name]) for name in ("steps_low", "steps_high", "tv_worst", "tv_best")))
    line = edge_time_s(steps, TRUTH["step_s"], TRUTH["setup_s"])
    quality = curve + noise_tv * random.normal(size=len(steps))
    return Measurements("made-up", steps, quality, line * (1.0 + noise * random.normal(size=len(steps))))


def to_csv(measurements: Measurements) -> str:
    rows = zip(measurements.steps, measurements.quality_tv, measurements.seconds, strict=True)
    return "steps,quality_tv,seconds\n" + "".join(
        f"{steps:g},{float(tv)!r},{float(seconds)!r}\n" for steps, tv, seconds in rows
    )
