"""The measurement as a whole: train, sample, time; a row a model, seed and number of steps, kept as it goes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import nn

from problems.calibration.experiment.contact_sheet import contact_sheets
from problems.calibration.experiment.keys import key_of
from problems.calibration.experiment.networks import VARIANTS, Variant
from problems.calibration.experiment.quality import Eyes, total_variation
from problems.calibration.experiment.sampling import Chain, sample
from problems.calibration.experiment.timing import generation_seconds
from problems.calibration.experiment.training import Say, trained
from problems.io.errors import InputError
from problems.io.files import write_bytes

PICTURES = 100
"""Behind a value of quality."""
AT_ONCE = (4, 16)
"""Requests at once, besides one; timed on stopped chains of at most ``AT_ONCE_STEPS`` steps, with the first seed."""
AT_ONCE_STEPS = 20
_SEEDS_APART = 1000
"""Every number of steps starts from noise of its own."""


@dataclass(frozen=True)
class Plan:
    """What is measured."""

    variants: tuple[Variant, ...] = VARIANTS
    stopped: tuple[int, ...] = (1, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40)
    stopped_seeds: int = 3
    planned: tuple[int, ...] = (1, 2, 4, 8, 20, 40)
    planned_seeds: int = 1

    def rows(self) -> Iterator[tuple[Chain, int, int]]:
        """Chain, seed and steps; seed by seed, so that each number of steps meets the machine at several times."""
        for seed in range(max(self.stopped_seeds, self.planned_seeds)):
            if seed < self.stopped_seeds:
                yield from (("stopped", seed, steps) for steps in self.stopped)
            if seed < self.planned_seeds:
                yield from (("planned", seed, steps) for steps in self.planned)


def measure(output: Path, cache: Path, say: Say, plan: Plan | None = None) -> None:
    """Write ``measurements.csv``, ``planned.csv`` and the folder ``sheets`` into ``output``.

    Networks stay in ``cache``, and what an interrupted measurement had by then. Raises InputError where one of the
    folders cannot be written.
    """
    plan = plan or Plan()
    torch.set_num_threads(1)
    for folder in (cache, output, output / "sheets"):
        _make(folder)
    models = {variant.name: trained(variant, cache, say) for variant in plan.variants}
    unfinished = cache / f"measurements-{key_of(plan)}.unfinished.jsonl"
    rows = _measured(models, plan, unfinished, say)
    for chain, name in (("stopped", "measurements.csv"), ("planned", "planned.csv")):
        table = pd.DataFrame([row for row in rows if row["chain"] == chain]).drop(columns="chain")
        table = table.sort_values(["model", "seed", "steps"], kind="stable")
        write_bytes(output / name, table.to_csv(index=False, float_format="%.6g").encode())
    for name, sheet in contact_sheets(models, plan.stopped, plan.planned):
        write_bytes(output / "sheets" / f"{name}.png", sheet)
    unfinished.unlink()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made: {(error.strerror or str(error)).lower()}") from None


def _measured(models: dict[str, nn.Module], plan: Plan, unfinished: Path, say: Say) -> list[dict[str, Any]]:
    """All rows; each is kept in ``unfinished`` at once, and what is found there is not measured again."""
    rows = _kept(unfinished)
    found = {(row["model"], row["chain"], row["seed"], row["steps"]) for row in rows}
    eyes = Eyes()
    wanted = [(name, *place) for place in plan.rows() for name in models if (name, *place) not in found]
    write_bytes(unfinished, "".join(json.dumps(row) + "\n" for row in rows).encode())
    with unfinished.open("a") as record:
        for count, (name, chain, seed, steps) in enumerate(wanted, 1):
            rows.append(_row(name, models[name], chain, seed, steps, eyes))
            record.write(json.dumps(rows[-1]) + "\n")
            record.flush()
            if count % 20 == 0 or count == len(wanted):
                say(f"{len(rows)}/{len(rows) + len(wanted) - count} rows measured")
    return rows


def _kept(unfinished: Path) -> list[dict[str, Any]]:
    """The rows of an interrupted measurement; a line that was cut off is none."""
    rows: list[dict[str, Any]] = []
    lines: Sequence[str] = unfinished.read_text().splitlines() if unfinished.is_file() else ()
    for line in lines:
        with suppress(json.JSONDecodeError):
            rows.append(json.loads(line))
    return rows


def _row(name: str, model: nn.Module, chain: Chain, seed: int, steps: int, eyes: Eyes) -> dict[str, Any]:
    pictures = sample(model, steps, chain, PICTURES, seed=seed * _SEEDS_APART + steps)
    alone = generation_seconds(model, steps, chain, requests=1)
    batches = AT_ONCE if (chain, seed) == ("stopped", 0) and steps <= AT_ONCE_STEPS else ()
    return {
        "chain": chain,
        "model": name,
        "seed": seed,
        "steps": steps,
        "quality_tv": total_variation(pictures),
        "seconds": alone.cpu,
        "wall_seconds": alone.wall,
        **{f"seconds_{n}": generation_seconds(model, steps, chain, requests=n).cpu for n in batches},
        "frechet": eyes.distance(pictures),
        "parameters": sum(weight.numel() for weight in model.parameters()),
    }
