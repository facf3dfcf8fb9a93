"""``t2bench calibrate``: curves from measurements, or the measurements themselves."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from problems.io.errors import InputError
from t2bench.exit_codes import DONE

if TYPE_CHECKING:
    from problems.calibration.curves import Curves
    from problems.calibration.measurements import Measurements

_LIBRARIES = ("torch", "safetensors", "diffusers", "sklearn")
_MEASURED = Path("calibration")
_SIZE_GB, _CLOUD_S = 6.0, 8.0
"""In the middle of what the families draw."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "calibrate",
        help="fit the curves of a model to measurements, or measure small models here",
        description="Fits quality and generation time to a CSV file with the columns steps, quality_tv and seconds, "
        "and where there are several, model and seed; or, with --measure, makes such a file: it trains small "
        "diffusion models of digits and samples from them, which takes some minutes, and goes on where it stopped.",
        epilog="Intervals are of 95 %. The entry holds `models`, to be used in a scenario's YAML file; its figure lies "
        "beside it. The folder of --measure holds measurements.csv (a way of 40 steps, stopped after so many), "
        "planned.csv (a way planned for so many steps) and contact sheets of the pictures.",
    )
    parser.add_argument("measurements", nargs="?", type=Path, metavar="MEASUREMENTS.csv", help="what to fit")
    parser.add_argument("--measure", action="store_true", help="measure, in place of fitting")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="PATH", help="the entry to write, a YAML file; or the folder of --measure"
    )
    parser.add_argument("--scenario", action="store_true", help="write a whole scenario; what it assumes is printed")
    for option, metavar, value, words in (
        ("--size-gb", "GB", _SIZE_GB, "of each model in the entry"),
        ("--cloud-s", "S", _CLOUD_S, "of each model in the entry, queue and generation in the cloud"),
    ):
        parser.add_argument(option, type=float, default=value, metavar=metavar, help=f"{words} (default {value:g})")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the bootstrap (default 0)")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure, or fit and print the numbers."""
    if arguments.measure == (arguments.measurements is not None):
        raise InputError("calibrate: needs either MEASUREMENTS.csv, to fit it, or --measure")
    if arguments.measure:
        return _measure(arguments.output or _MEASURED)
    for option, value in (("--size-gb", arguments.size_gb), ("--cloud-s", arguments.cloud_s)):
        if not 0 < value < float("inf"):
            raise InputError(f"{option}: {value}; must be > 0")
    if arguments.seed < 0:
        raise InputError(f"--seed: {arguments.seed}; must be >= 0")
    return _fit(arguments)


def _measure(folder: Path) -> int:
    from importlib.util import find_spec

    if any(find_spec(library) is None for library in _LIBRARIES):
        raise InputError("calibrate --measure: not installed: pip install 't2bench[calibrate]'")
    from problems.calibration.experiment.measuring import measure
    from t2drl.checkpoints.cache import cache_folder

    measure(folder, cache_folder().with_name("calibration"), lambda line: print(line, file=sys.stderr, flush=True))
    print(folder / "measurements.csv")
    return DONE


def _fit(arguments: argparse.Namespace) -> int:
    from problems.calibration.curves import fit_curves
    from problems.calibration.measurements import read_measurements
    from t2bench.cli.shared.curves_table import curves_table

    measured, unused = read_measurements(arguments.measurements)
    if unused:
        print(f"t2bench: columns not used: {', '.join(unused)}", file=sys.stderr)
    try:
        fitted = [fit_curves(data, arguments.seed) for data in measured]
    except InputError as error:
        raise error.within(str(arguments.measurements)) from None
    if arguments.output is not None:
        _write(arguments, measured, fitted)
    print(json.dumps([fit.document() for fit in fitted]) if arguments.json else curves_table(fitted))
    return DONE


def _write(arguments: argparse.Namespace, measured: Sequence[Measurements], fitted: Sequence[Curves]) -> None:
    """The entry or scenario, and the figure."""
    from problems.io.files import write_bytes
    from reports.drawing.calibration_figure import draw
    from reports.drawing.style import to_bytes

    figure = arguments.output.with_suffix(".png")
    if figure == arguments.output:
        raise InputError(f"--output: {str(arguments.output)!r}; must be a YAML file, the figure lies beside it")
    text = (_scenario if arguments.scenario else _entry)(arguments, measured, fitted)
    picture = to_bytes(draw(measured, fitted), "png")
    write_bytes(arguments.output, text.encode())
    write_bytes(figure, picture)


def _entry(arguments: argparse.Namespace, measured: Sequence[Measurements], fitted: Sequence[Curves]) -> str:
    from problems.calibration.entry import catalogue_model, commented, entry_yaml, fit_remarks

    models = [catalogue_model(fit, arguments.size_gb, arguments.cloud_s) for fit in fitted]
    assumed = f"Assumed, because it was not measured: size_gb {arguments.size_gb:g}, cloud_s {arguments.cloud_s:g}."
    print(f"t2bench: {assumed}", file=sys.stderr)
    origin = f"Fitted to {arguments.measurements.name} by t2bench calibrate. {assumed}"
    remarks = [line for fit in fitted for line in fit_remarks(fit)]
    return commented([origin, *remarks], entry_yaml(models))


def _scenario(arguments: argparse.Namespace, measured: Sequence[Measurements], fitted: Sequence[Curves]) -> str:
    from problems.calibration.entry import commented, fit_remarks
    from problems.calibration.measured import BASE, Assumptions, measured_scenario
    from problems.named_values import lines
    from problems.scenario import scenario_yaml

    name, assumptions = arguments.output.stem, Assumptions()
    scenario, longer = measured_scenario(name, fitted, [data.parameters or 1.0 for data in measured], assumptions)
    assumed = [
        "Assumed, because it was not measured:",
        *(f"- {line}" for line in lines(assumptions)),
        f"- demand, radio and budgets: those of {BASE}; cache_gb a third of the models' size",
    ]
    print("t2bench: " + "\n".join(assumed), file=sys.stderr)
    origin = [
        f"measured diffusion models under the demand of {BASE}",
        f"Fitted to {arguments.measurements.name}; made by",
        f"  t2bench calibrate {arguments.measurements.name} --scenario -o {arguments.output.name}",
        f"Measured seconds were multiplied by {longer:.4g}.",
    ]
    return commented(
        [*origin, *assumed, *(line for fit in fitted for line in fit_remarks(fit))], scenario_yaml(scenario)
    )
