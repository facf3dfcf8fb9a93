"""t2bench in Python: what a notebook needs, loaded when it is asked for.

    import t2bench

    instance = t2bench.sample("small", seed=2)
    best = t2bench.solve(instance, "exhaustive")
    print(best.status, best.cost)

==========================  ==========================================================================================
scenarios and instances     :func:`families`, :func:`scenario`, :func:`sample`, and ``read_`` and ``write_`` for
                            scenarios, instances and solutions
solvers                     :func:`solvers`, :func:`solver`, :func:`solve`, :func:`judge`, :func:`rollout`,
                            :func:`optimality_gap`, :func:`captured_gain`
studies                     :func:`run`, :func:`open_store`, :func:`compare`, :func:`compare_exactly`, :func:`report`,
                            :func:`figure`
to extend                   :class:`OnlineCaching`, :class:`CachingStrategy`, :class:`AllocationStrategy`,
                            :class:`Solver`
==========================  ==========================================================================================

What cannot be used is an :class:`InputError`, one line that names the field, the value and what is allowed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from t2bench.hidden import refuse_hidden_packages

if TYPE_CHECKING:
    from benchmarks.process.outcome import Outcome
    from problems.caches import fill_in_order
    from problems.episode import FrameView, Slots
    from problems.instance import Instance
    from problems.io.errors import InputError
    from problems.judge import Verdict, captured_gain, optimality_gap
    from problems.scenario import Scenario
    from problems.solution import Solution
    from reports.report import FIGURES
    from solvers.base import AllocationStrategy, Budget, CachingStrategy, OnlineCaching, Plan, Report, Solver
    from t2bench.reporting import compare, compare_exactly, figure, report
    from t2bench.running import run
    from t2bench.scenarios import (
        families,
        read_instance,
        read_scenario,
        read_solution,
        sample,
        scenario,
        write_instance,
        write_scenario,
        write_solution,
    )
    from t2bench.solving import judge, rollout, solve, solver, solvers
    from t2bench.stores import Store, open_store

__all__ = [
    "FIGURES",
    "AllocationStrategy",
    "Budget",
    "CachingStrategy",
    "FrameView",
    "InputError",
    "Instance",
    "OnlineCaching",
    "Outcome",
    "Plan",
    "Report",
    "Scenario",
    "Slots",
    "Solution",
    "Solver",
    "Store",
    "Verdict",
    "captured_gain",
    "compare",
    "compare_exactly",
    "families",
    "figure",
    "fill_in_order",
    "judge",
    "open_store",
    "optimality_gap",
    "read_instance",
    "read_scenario",
    "read_solution",
    "report",
    "rollout",
    "run",
    "sample",
    "scenario",
    "solve",
    "solver",
    "solvers",
    "write_instance",
    "write_scenario",
    "write_solution",
]

_PLACES = {
    "benchmarks.process.outcome": ("Outcome",),
    "problems.caches": ("fill_in_order",),
    "problems.episode": ("FrameView", "Slots"),
    "problems.instance": ("Instance",),
    "problems.io.errors": ("InputError",),
    "problems.judge": ("Verdict", "captured_gain", "optimality_gap"),
    "problems.scenario": ("Scenario",),
    "problems.solution": ("Solution",),
    "reports.report": ("FIGURES",),
    "solvers.base": (
        *("AllocationStrategy", "Budget", "CachingStrategy", "OnlineCaching", "Plan", "Report", "Solver"),
    ),
    "t2bench.reporting": ("compare", "compare_exactly", "figure", "report"),
    "t2bench.running": ("run",),
    "t2bench.scenarios": (
        *("families", "read_instance", "read_scenario", "read_solution", "sample", "scenario"),
        *("write_instance", "write_scenario", "write_solution"),
    ),
    "t2bench.solving": ("judge", "rollout", "solve", "solver", "solvers"),
    "t2bench.stores": ("Store", "open_store"),
}
"""Module -> what is taken from it, when it is asked for."""

refuse_hidden_packages()


def __getattr__(name: str) -> Any:
    for module, names in _PLACES.items():
        if name in names:
            return globals().setdefault(name, getattr(import_module(module), name))
    raise AttributeError(f"module 't2bench' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
