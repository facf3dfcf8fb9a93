"""Small logs of a production service, and where the real one is."""

from __future__ import annotations

import os
import random
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from problems.production.extent import Extent
from problems.production.gentd26 import ServedRequests, read_gentd26
from problems.production.hours import Hours
from tests.places import ROOT

HEADER = (
    "gmt_create,predict_type,predict_status,exec_time_seconds,groupId,prompt_length,num_images_per_prompt,"
    "num_inference_steps,checkpoint_model_version_id,num_lora"
)
EXTENT = Extent(models=4, users=4, slots=6, frames=5, states=2)
HOURS = Hours(0, 29)
"""Of a small log, to fit a scenario of that extent to."""
START = datetime(2024, 11, 15, 16, 57, 50)


def line(
    minute: float,
    model: str = "A",
    group: str = "G0",
    *,
    status: str = "SUCCEED",
    kind: str = "TXT_2_IMG",
    service_s: str = "20.0",
    images: str = "1.0",
    steps: str = "30.0",
) -> str:
    """A row of the log, so many minutes after its start."""
    time = (START + timedelta(minutes=minute)).isoformat(sep=" ")
    return f"{time},{kind},{status},{service_s},{group},63.0,{images},{steps},{model},0"


def write_log(path: Path, lines: list[str], header: str = HEADER) -> Path:
    """A log of these rows."""
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def small_lines(hours: int = 40, seed: int = 0) -> list[str]:
    """Rows of ten requests an hour for models A to F, A the most popular; one an hour fails, some have no model."""
    rng = random.Random(seed)
    rows = [line(0)]
    for hour in range(hours):
        for number in range(10):
            model = rng.choices("ABCDEF", weights=[32, 16, 8, 4, 2, 1])[0]
            rows.append(
                line(
                    60 * hour + 5.5 * number,
                    model if rng.random() < 0.95 else "",
                    f"G{rng.randrange(8)}",
                    status="SUCCEED" if number else "FAILED",
                    service_s=f"{rng.uniform(10, 40):.1f}",
                )
            )
    return rows


def requests_of(folder: Path, lines: list[str]) -> ServedRequests:
    """The served requests of these rows."""
    return read_gentd26(write_log(folder / "log.csv", lines))


def real_log(name: str) -> Path:
    """A file of the GenTD26 data set; the test is skipped where it is absent."""
    folder = Path(os.environ.get("T2BENCH_GENTD26") or ROOT.parent / "shared" / "data" / "gentd26")
    if not (folder / name).exists():
        pytest.skip(f"{name} is neither in the folder T2BENCH_GENTD26 nor in {folder}")
    return folder / name


@cache
def real_requests() -> ServedRequests:
    """The served requests of the GenTD26 data set; the test is skipped where it is absent."""
    return read_gentd26(real_log("lora_request_trace.csv"))
