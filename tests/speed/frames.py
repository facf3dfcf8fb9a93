"""Single frames of several sizes, and how long solvers take for them, side by side.

``python -m tests.speed.frames`` solves 20 seeds of every case and prints, for every solver, the median and the
longest time, and how often it proved nothing; a solver that the time limit stops counts with the limit.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.judge import judge
from problems.scenario import Model
from solvers.base import Budget, Silent
from solvers.registry import make_solver

ALIKE = 0.1
"""Alike models differ by this share of what those of the family do."""
WARMING_SEED = 1000
WARMING_S = 1.0


@dataclass(frozen=True)
class Case:
    """Frames of M = N = K = ``size`` in the ranges of a family, 20 steps a user."""

    size: int
    family: str = "paper"
    forced_edge: bool = False
    alike: bool = False
    """Whether the models are nearly the same, so that many caches are nearly as good."""

    @property
    def name(self) -> str:
        """In words."""
        words = [word for word in ("forced_edge", "alike") if getattr(self, word)]
        return "-".join([self.family, str(self.size), *words])

    def instance(self, seed: int) -> Instance:
        """One frame, fixed by the case and a seed."""
        scenario = family_scenario(f"{self.family}-m{self.size}-n{self.size}-k{self.size}-t1", seed)
        system = scenario.system.model_copy(update={"forced_edge": self.forced_edge})
        models = alike(scenario.models) if self.alike else scenario.models
        return sample_instance(scenario.model_copy(update={"system": system, "models": models}), seed)


CASES = (
    Case(10),
    Case(10, forced_edge=True),
    Case(20),
    Case(20, forced_edge=True),
    Case(20, alike=True),
    Case(20, forced_edge=True, alike=True),
    Case(10, "deadline"),
)


def alike(models: Sequence[Model]) -> tuple[Model, ...]:
    """The models with every number drawn towards its mean over them."""
    names = [name for name in Model.model_fields if name != "name"]
    numbers = np.array([[getattr(model, name) for name in names] for model in models])
    drawn = numbers.mean(axis=0) + ALIKE * (numbers - numbers.mean(axis=0))
    rows = zip(models, drawn.tolist(), strict=True)
    return tuple(model.model_copy(update=dict(zip(names, row, strict=True))) for model, row in rows)


@dataclass(frozen=True)
class Run:
    """One solve."""

    seconds: float
    cost: float
    proved: bool


def runs(case: Case, solvers: Sequence[str], seeds: range, limit_s: float) -> dict[str, list[Run]]:
    """Each solver's runs, one a seed and side by side, after one that loads what it needs."""
    done: dict[str, list[Run]] = {name: [] for name in solvers}
    for name in solvers:
        run(name, case.instance(WARMING_SEED), WARMING_S)
    for seed in seeds:
        instance = case.instance(seed)
        for name in solvers:
            done[name].append(run(name, instance, limit_s))
    return done


def run(solver: str, instance: Instance, limit_s: float) -> Run:
    """Solve once within a time limit."""
    made = make_solver(solver)
    started = time.perf_counter()
    solution = made.solve(instance, Budget(time_limit_s=limit_s), Silent())
    seconds = time.perf_counter() - started
    return Run(seconds, judge(instance, solution).cost, solution.status == "optimal")


def main() -> None:
    """Print the figures of the chosen cases."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument(
        "--limit", type=float, default=20.0, metavar="S", help="seconds a frame and solver (default 20)"
    )
    parser.add_argument("--cases", nargs="+", default=[case.name for case in CASES])
    parser.add_argument("--solvers", nargs="+", default=["branch-and-bound", "milp", "scip"])
    chosen = parser.parse_args()
    for case in CASES:
        if case.name not in chosen.cases:
            continue
        print(case.name)
        found = runs(case, chosen.solvers, range(chosen.seeds), chosen.limit)
        ours = np.array([one.seconds for one in found[chosen.solvers[0]]])
        for name, its in found.items():
            seconds = np.array([one.seconds for one in its])
            open_ended = sum(not one.proved for one in its)
            ratio = f"median ratio {np.median(seconds / ours):.1f}, least {(seconds / ours).min():.1f}"
            print(f"  {name}: median {np.median(seconds):.4f} s, longest {seconds.max():.4f} s, ", end="")
            print(f"{open_ended} of {len(its)} unproved, {ratio}", flush=True)


if __name__ == "__main__":
    main()
