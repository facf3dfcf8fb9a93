"""``t2bench train``: an agent on a scenario, into a checkpoint."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from benchmarks.matrix.matrix import Seeds
from problems.io.errors import InputError, from_validation
from problems.scenario import Scenario
from t2bench.cli.shared.scenario_options import add_scenario_options, scenario_of
from t2bench.exit_codes import DONE, INTERRUPTED

if TYPE_CHECKING:
    from t2drl.training.loop import Training

ALGORITHMS = ("t2drl", "t2drl-paper", "ddpg", "generalist")
"""``ddpg`` is the ablation: ``ddqn`` with the deterministic actor."""
DEFAULT_STEPS = 2_000
SEED = "{seed}"
"""What stands for the seed in a checkpoint's name where several are trained."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "train",
        help="train a learner on a scenario, or a generalist on a family",
        epilog="Where FILE.unfinished is there from an interrupted training of the same kind, it goes on with "
        "that. Exit codes: 0 done, 1 a seed's process was killed, 2 bad input, 130 interrupted; what was done is kept.",
    )
    parser.add_argument("family", metavar="FAMILY", help="a named family, or a scenario's YAML file")
    parser.add_argument("--algorithm", choices=ALGORITHMS, default="t2drl", help="what to train (default t2drl)")
    add_scenario_options(parser)
    parser.add_argument(
        "--scenarios", type=int, metavar="N", help="for a generalist: scenarios of the family to train on (default 64)"
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--steps", type=int, metavar="N", help=f"slots that all traces play (default {DEFAULT_STEPS})")
    length.add_argument("--minutes", type=float, metavar="M", help="CPU minutes, about: turned into steps at the start")
    parser.add_argument(
        "--seed",
        default="0",
        metavar="N",
        help=f"of everything random (default 0); several, such as 0-4, where CHECKPOINT holds {SEED}",
    )
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda"),
        default="cpu",
        help="where networks, memory and played slots lie (default cpu); auto: a GPU where PyTorch finds one. The "
        "networks are small, so that a GPU need not be faster. No GPU was tried: placement is tested on PyTorch's "
        "meta device",
    )
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="seeds trained side by side (default 1)")
    parser.add_argument("--restart", action="store_true", help="do not go on with an unfinished training")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="CHECKPOINT", help="the agent's file")
    parser.add_argument("--log", type=Path, metavar="FOLDER", help="curves for TensorBoard, if it is installed")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train, and print the agent's hash and cost as JSON."""
    from importlib.util import find_spec

    if any(find_spec(library) is None for library in ("torch", "safetensors")):
        raise InputError("train: not installed: pip install 't2bench[learn]'")
    seeds = _checked(arguments)
    if len(seeds) > 1:
        from t2bench.cli.train_seeds import train_seeds

        return train_seeds(arguments, seeds)
    arguments.seed = seeds[0]
    return _train(arguments)


def _train(arguments: argparse.Namespace) -> int:
    """One training."""
    import torch

    from solvers.base import Unsuitable
    from t2bench.cli.train_progress import TrainProgress
    from t2drl.checkpoints.checkpoint import write_checkpoint, write_unfinished

    torch.set_num_threads(1)
    output = Path(str(arguments.output).replace(SEED, str(arguments.seed)))
    unfinished = output.with_name(f"{output.name}.unfinished")
    try:
        training = _training(arguments, unfinished)
    except Unsuitable as error:
        raise InputError(f"train: {error}") from None
    with TrainProgress(training, arguments.log) as progress:
        while not training.done and not progress.interrupted:
            training.play_frame()
            if progress.after_frame():
                write_unfinished(training, unfinished)
    if not training.done:
        write_unfinished(training, unfinished)
        print(f"t2bench: interrupted; the same command goes on from {unfinished}", file=sys.stderr)
        return INTERRUPTED
    sha256 = write_checkpoint(training, output)
    unfinished.unlink(missing_ok=True)
    last = training.curve[-1] if training.curve else None
    summary = {
        "checkpoint": str(output),
        "sha256": sha256,
        "device": training.device.type,
        "steps": training.counts.played,
        "cpu_s": round(training.counts.cpu_s, 1),
        "validation_cpu_s": round(training.counts.validation_cpu_s, 1),
        "validation_gap_pct": None if last is None else round(last.excess_pct, 4),
        "allocation_gap_pct": None if last is None else round(last.allocation_pct, 4),
    }
    print(json.dumps(summary))
    return DONE


def _checked(arguments: argparse.Namespace) -> tuple[int, ...]:
    """The seeds. Raises InputError for what is out of range or does not go together."""
    for option, value in (("--steps", arguments.steps), ("--minutes", arguments.minutes)):
        if value is not None and not 0 < value < float("inf"):
            raise InputError(f"{option}: {value}; must be > 0")
    for option, count in (("--jobs", arguments.jobs), ("--scenarios", arguments.scenarios)):
        if count is not None and count < 1:
            raise InputError(f"{option}: {count}; must be >= 1")
    general = arguments.algorithm == "generalist"
    if general and arguments.scenario_seed is not None:
        raise InputError(f"--scenario-seed: {arguments.scenario_seed}; a generalist trains on many scenarios")
    if not general and arguments.scenarios is not None:
        raise InputError(f"--scenarios: {arguments.scenarios}; only a generalist trains on several")
    try:
        seeds: tuple[int, ...] = TypeAdapter(Seeds).validate_python(arguments.seed)
    except ValidationError as error:
        raise InputError(f"--seed: {str(from_validation(error)).removeprefix(': ')}") from None
    if len(seeds) > 1 and SEED not in arguments.output.name:
        raise InputError(f"--output: {str(arguments.output)!r}; must hold {SEED} in its name for several seeds")
    return seeds


def _training(arguments: argparse.Namespace, unfinished: Path) -> Training:
    """A fresh training, or the unfinished one. Raises InputError where that is of another kind."""
    from t2drl.checkpoints.checkpoint import read_unfinished
    from t2drl.settings import Settings, fast, general, paper
    from t2drl.training.loop import Training
    from t2drl.training.run import length_for
    from t2drl.world.device import device_of

    kinds: dict[str, Settings] = {
        "t2drl": fast(),
        "t2drl-paper": paper(),
        "ddpg": fast(algorithm="ddpg"),
        "generalist": general(),
    }
    device = device_of(arguments.device)
    scenarios, settings = _scenarios(arguments), kinds[arguments.algorithm]
    if unfinished.is_file() and not arguments.restart:
        training = read_unfinished(unfinished)
        in_steps = arguments.minutes is None
        asked_length = (arguments.steps or DEFAULT_STEPS) if in_steps else arguments.minutes
        found_length = training.length if in_steps else training.asked_minutes
        asked = scenarios, settings, arguments.seed, device, asked_length
        found = training.scenarios, training.settings, training.seed, training.device, found_length
        if asked != found:
            raise InputError(f"{unfinished}: another training than the one asked for; --restart forgets it")
        return training
    length = arguments.steps or DEFAULT_STEPS
    if arguments.minutes is not None:
        length = length_for(scenarios, settings, 60.0 * arguments.minutes, device)
    training = Training(scenarios, settings, length, arguments.seed, device)
    training.asked_minutes = arguments.minutes
    return training


def _scenarios(arguments: argparse.Namespace) -> tuple[Scenario, ...]:
    """What to train on. Raises InputError or Unsuitable."""
    scenario = scenario_of(arguments.family, arguments)
    if arguments.algorithm != "generalist":
        return (scenario,)
    from t2drl.strategies.generalist import SPREAD
    from t2drl.world.scenarios import training_scenarios

    return training_scenarios(scenario.family, arguments.scenarios or SPREAD)
