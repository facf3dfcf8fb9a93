"""Import paths of version 0.1 that have a new place: they work in 0.2, with a warning that names the place.

Every package of the suite calls :func:`install`, so that an old path is found whichever of them is imported first.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

_TABLE = """
benchmarks.cell                     benchmarks.process.run
benchmarks.cli                      t2bench.cli
benchmarks.cli.import               t2bench.cli.import_stores
benchmarks.code_version             benchmarks.machine.code_version
benchmarks.dask_engine              benchmarks.engine.dask
benchmarks.engine                   benchmarks.engine.local
benchmarks.matrix                   benchmarks.matrix.matrix
benchmarks.matrix_file              benchmarks.matrix.file
benchmarks.merge                    benchmarks.store.merge
benchmarks.outcome                  benchmarks.process.outcome
benchmarks.recipe                   benchmarks.matrix.cell
benchmarks.reference_run            benchmarks.references.rebuild
benchmarks.reference_table          benchmarks.references.table
benchmarks.references               benchmarks.references.reference
benchmarks.rejudge                  benchmarks.store.rejudge
benchmarks.rows_file                reports.writing.rows_file
benchmarks.shipped_references       benchmarks.references.shipped_answers
benchmarks.speed                    tests.speed
benchmarks.store                    benchmarks.store.store
benchmarks.store_references         benchmarks.references.of_store
problems.certificate                problems.certificates.bound
problems.certificate_file           problems.certificates.file
problems.changed_scenario           problems.families.changed
problems.csv_table                  problems.io.csv_table
problems.errors                     problems.io.errors
problems.families                   problems.families.*
problems.family_changes             problems.families.changes
problems.family_sizes               problems.families.sizes
problems.files                      problems.io.*
problems.packing                    problems.caches
problems.priced_service             problems.certificates.service
problems.sampling                   problems.families.sampling
problems.shipped                    problems.families.fitted
problems.sources                    solvers.sources
problems.yaml_lines                 problems.io.yaml_document
reports.average_ranks               reports.statistics.average_ranks
reports.compare                     reports.compare.compare
reports.frame                       reports.study.*
reports.matched_cells               reports.compare.matched_cells
reports.paired_tests                reports.statistics.paired_tests
reports.paired_times                reports.compare.paired_times
reports.signed_ranks                reports.statistics.signed_ranks
reports.simulated_studies           reports.statistics.simulated_studies
reports.statistics                  reports.statistics.means
reports.summary                     reports.study.summary
reports.table                       reports.writing.table
reports.time_profiles               reports.statistics.time_profiles
reports.two_way_bootstrap           reports.statistics.two_way_bootstrap
solvers.allocation.air_loads        solvers.slot.air_loads
solvers.allocation.array_bandwidth  tests.solvers.slot.array_bandwidth
solvers.allocation.array_steps      tests.solvers.slot.array_steps
solvers.allocation.bandwidth        solvers.slot.bandwidth
solvers.allocation.convex_programme solvers.slot.convex_programme
solvers.allocation.costs            solvers.slot.costs
solvers.allocation.coupled          solvers.slot.coupled
solvers.allocation.coupled_bound    solvers.slot.coupled_bound
solvers.allocation.late_bandwidth   solvers.slot.late_bandwidth
solvers.allocation.multiple_choice  solvers.slot.multiple_choice
solvers.allocation.relaxation       solvers.slot.relaxation
solvers.allocation.rounding         solvers.slot.rounding
solvers.allocation.slot_relaxation  solvers.slot.nonconvex_relaxation
solvers.allocation.step_options     solvers.slot.step_options
solvers.allocation.steps            solvers.slot.steps
solvers.allocation.vector_log       solvers.slot.logarithm
solvers.caching.band_prices         solvers.frame.band_prices
solvers.caching.belief              solvers.frame.belief
solvers.caching.cache_costs         solvers.frame.cache_costs
solvers.caching.cache_search        solvers.frame.cache_search
solvers.caching.cache_tree          solvers.frame.cache_tree
solvers.caching.coupled_prices      solvers.frame.coupled_prices
solvers.caching.coupled_service     solvers.frame.coupled_service
solvers.caching.envelope_costs      solvers.frame.envelope_costs
solvers.caching.expected_costs      solvers.frame.expected_costs
solvers.caching.frame_bounds        solvers.frame.bounds
solvers.caching.frame_programme     solvers.frame.dynamic_programme
solvers.caching.frame_search        solvers.frame.search
solvers.caching.linear_program      solvers.frame.linear_program
solvers.caching.relaxed_caching     solvers.frame.relaxation
solvers.caching.sampled_frames      solvers.frame.sampled_frames
solvers.caching.slot_memo           solvers.frame.slot_memo
solvers.caching.stage_costs         solvers.frame.stage_costs
solvers.caching.state_sample        solvers.frame.state_sample
solvers.caching.step_prices         solvers.frame.step_prices
solvers.joint.frames_apart          solvers.programme.frames_apart
solvers.joint.mip_backend           solvers.programme.mip_backend
solvers.joint.rival                 solvers.programme.rival
solvers.joint.search                solvers.programme.search
solvers.references                  solvers.cloud
t2drl.caches                        t2drl.world.caches
t2drl.checkpoint                    t2drl.checkpoints.checkpoint
t2drl.curve_header                  t2drl.checkpoints.curve_header
t2drl.curve_recorder                t2drl.training.recorder
t2drl.device                        t2drl.world.device
t2drl.diffusion                     t2drl.algorithms.diffusion
t2drl.environment                   t2drl.world.slots
t2drl.generalist                    t2drl.strategies.generalist
t2drl.networks                      t2drl.algorithms.networks
t2drl.outside                       t2drl.strategies.sb3
t2drl.outside_training              t2drl.strategies.sb3_training
t2drl.source                        t2drl.strategies.source
t2drl.strategies                    t2drl.strategies.specialist
t2drl.tensor_file                   t2drl.checkpoints.tensor_file
t2drl.traces                        t2drl.world.traces
t2drl.train                         t2drl.training.run
t2drl.training                      t2drl.training.loop
t2drl.training_cache                t2drl.checkpoints.cache
t2drl.training_state                t2drl.training.state
t2drl.validation                    t2drl.training.validation
"""

PLACES: dict[str, str] = dict(line.split() for line in _TABLE.strip().splitlines())
"""Old module -> new module, or ``ROOM.*`` where its names are in several of a room's. What lay in a moved package moved
with it, unless it has a line of its own; where the old name is a package today, the old names are found through it.
Modules that nobody outside needed, and those whose names have changed as well, are not here."""


def install() -> None:
    """Have old paths found; once."""
    if not any(isinstance(finder, _OldPaths) for finder in sys.meta_path):
        sys.meta_path.insert(0, _OldPaths())


def new_place(module: str) -> str | None:
    """Where an old module is today; None for a path that is none of the table's."""
    if module in PLACES:
        return PLACES[module]
    package, _, name = module.rpartition(".")
    place = new_place(package) if package else None
    return None if place is None or place.startswith(f"{package}.") else f"{place}.{name}"


class _OldPaths(MetaPathFinder):
    """Finds moved modules before anything else looks for them in the folders of today."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        place = new_place(fullname)
        if place is None:
            return None
        if not place.startswith(f"{fullname}."):
            return ModuleSpec(fullname, _Moved(place), is_package=_is_package(place))
        spec = PathFinder.find_spec(fullname, path)
        if spec is not None and spec.origin is not None:
            spec.loader = _PackageWithOldNames(fullname, spec.origin)
        return spec


class _Moved(Loader):
    """Gives the module in its new place, or one with all names of a room, for one that moved."""

    def __init__(self, place: str) -> None:
        self._place = place

    def exec_module(self, module: ModuleType) -> None:
        """Put the module of today in the place of ``module``. Raises ImportError where it is not installed."""
        name = module.__name__
        if self._place.endswith(".*"):
            module.__getattr__ = _names_of(name, self._place.removesuffix(".*"))  # type: ignore[method-assign]
            return
        try:
            found = importlib.import_module(self._place)
        except ModuleNotFoundError as error:
            if self._place.startswith(f"{error.name}"):
                raise ImportError(f"{name} moved to {self._place}, which is not installed here", name=name) from None
            raise
        _warn(name, self._place)
        sys.modules[name] = found

    def get_code(self, name: str) -> CodeType:
        """What ``python -m`` runs."""
        _warn(name, self._place)
        code = f"import runpy; runpy.run_module({self._place!r}, run_name='__main__', alter_sys=True)"
        return compile(code, name, "exec")


class _PackageWithOldNames(SourceFileLoader):
    """Loads a package in which names of the module that it once was are found too."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the package's own file, and have it look further for what it lacks."""
        super().exec_module(module)
        package = module.__name__
        place = PLACES[package]
        modules = () if place.endswith(".*") else (place,)
        module.__getattr__ = _names_of(package, package, *modules)  # type: ignore[method-assign]


def _names_of(old: str, room: str, *modules: str) -> Callable[[str], Any]:
    """The ``__getattr__`` of an old module, whose names are in these modules, or else in any of a room's."""

    def find(name: str) -> Any:
        inside = [info.name for info in pkgutil.iter_modules(importlib.import_module(room).__path__, f"{room}.")]
        if not name.startswith("_") and f"{old}.{name}" not in inside:
            for place in modules or inside:
                module = importlib.import_module(place)
                if hasattr(module, name):
                    _warn(f"{old}.{name}", f"{place}.{name}")
                    return getattr(module, name)
        raise AttributeError(f"module {old!r} has no attribute {name!r}")

    return find


def _is_package(module: str) -> bool:
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return False
    return spec is not None and spec.submodule_search_locations is not None


def _warn(old: str, new: str) -> None:
    warnings.warn(f"{old} is {new} since t2bench 0.2; the old path goes with 0.3", FutureWarning, stacklevel=3)
