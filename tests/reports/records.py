"""Stores for reports: rows written by hand, or real answers to real instances."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from problems.instance import Instance
from problems.judge import judge
from problems.solution import Solution
from reports.chapters.overview.chapter import overview_of
from reports.page.explorer import explorer_data
from reports.page.rendering import render
from reports.report import CHAPTERS
from reports.study.study import read_study
from solvers.base import Budget, Silent
from solvers.registry import make_solver
from tests.cases import sampled
from tests.reports.cells import Row, cell


@dataclass
class Record:
    """What a report reads of a store."""

    frame: pd.DataFrame
    location: str = "hand-made.sqlite"
    answers: dict[str, Solution] = field(default_factory=dict)
    instances: dict[str, Instance] = field(default_factory=dict)

    def rows(self, *names: str) -> pd.DataFrame:
        frame = self.frame if "events" in self.frame else self.frame.assign(events="[]")
        return frame[list(names)]

    def solutions(self, cell_ids: Collection[str]) -> dict[str, Solution]:
        return {cell_id: self.answers[cell_id] for cell_id in cell_ids if cell_id in self.answers}

    def caches(self, cell_ids: Collection[str]) -> dict[str, np.ndarray]:
        return {cell_id: solution.cache for cell_id, solution in self.solutions(cell_ids).items()}

    def instance(self, sha256: str) -> Instance:
        return self.instances[sha256]


def record(rows: list[Row]) -> Record:
    return Record(pd.DataFrame(rows))


def page_alone(store: Record, directory: Path) -> Path:
    """The page of a report and its Markdown, without the figures, which take long to draw."""
    study = read_study(store)
    chapters = [module.chapter(study) for module in CHAPTERS]
    overview = overview_of(study, [chapter.headline for chapter in chapters if chapter.headline])
    plots = [*overview.plots, *(plot for chapter in chapters for plot in chapter.plots)]
    page, text = render(study, overview, chapters, {}, explorer_data(study, plots))
    (directory / "report.md").write_text(text, encoding="utf-8")
    (directory / "index.html").write_text(page, encoding="utf-8")
    return directory / "index.html"


def answered(
    families: Sequence[str] = ("tiny",),
    solvers: Sequence[str] = ("exhaustive", "greedy-popularity", "none", "random+equal"),
    others: Sequence[Row] = (),
) -> Record:
    """Real answers on two instances a family, judged, beside ``others``; solve times are made up and stay the same."""
    rows = list(others)
    solutions, instances = {}, {}
    for family in families:
        for seed in range(2):
            instance = sampled(family, seed, seed)
            instances[instance.sha256] = instance
            for place, label in enumerate(solvers):
                answer = make_solver(label).solve(instance, Budget(), Silent())
                row = _row(instance, label, answer, pace=0.01 * (1 + place))
                solutions[row["cell_id"]] = answer
                rows.append(row)
    return Record(pd.DataFrame(rows), answers=solutions, instances=instances)


def _row(instance: Instance, label: str, answer: Solution, pace: float) -> Row:
    verdict = judge(instance, answer)
    metrics = ("utility", "mean_latency_s", "mean_tv", "hit_ratio", "edge_served_ratio", "late_ratio", "loaded_gb")
    costs = ("latency_cost", "quality_cost", "late_cost", "loading_cost")
    columns: dict[str, Any] = {name: getattr(verdict, name) for name in (*metrics, *costs)}
    exact = label == "exhaustive"
    seeds = f"--scenario-seed {instance.scenario_seed} --trace-seed {instance.trace_seed}"
    file = f"{instance.name}.json"
    command = (
        f"t2bench sample {instance.family} {seeds} -o {file} && "
        f"t2bench solve {file} --solver {label} --seed 0 -o {instance.name}.solution.json"
    )
    return cell(
        *(label, instance.name, verdict.cost),
        **columns,
        exact=exact,
        lower_bound=verdict.cost if exact else None,
        proved=exact,
        status="optimal" if exact else "feasible",
        family=instance.family,
        scenario_seed=instance.scenario_seed,
        trace_seed=instance.trace_seed,
        instance_sha256=instance.sha256,
        solve_s=pace,
        events=json.dumps([[pace / 2, "cost", 1.2 * verdict.cost], [pace, "cost", verdict.cost]]),
        command=command,
    )
