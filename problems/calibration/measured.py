"""A scenario of measured models: their curves as fitted, everything else by named assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from problems.calibration.curves import Curves
from problems.calibration.entry import catalogue_model
from problems.families.drawn import FAMILIES, share_of_sizes
from problems.families.named import family_scenario, sized_family
from problems.families.sampling import six
from problems.named_values import named
from problems.scenario import Model, Scenario, System

BASE = "drift"
"""The family whose demand and radio the scenario has."""


@dataclass(frozen=True)
class Assumptions:
    """What a scenario needs and the measurement of small models does not give."""

    fine_tunes: int = named(3, "", "models of each network in the catalogue: fine-tunes, which share its curves")
    mean_size_gb: float = named(6.0, "GB", "size_gb of a network of mean size; the others by their weights")
    mean_step_s: float = named(0.14, "s", "step_s on average: all measured seconds are multiplied by one number")
    worth_of_quality_s: float = named(13.5, "s", "tv_to_s: the mean fall from tv_worst to tv_best is worth so much")
    cloud_queue_s: float = named(8.0, "s", "cloud_s, besides setup_s and half of the time of steps_high steps")


def measured_scenario(
    name: str, curves: Sequence[Curves], weights: Sequence[float], assumptions: Assumptions
) -> tuple[Scenario, float]:
    """The scenario, and the number by which seconds were multiplied.

    ``weights`` are the networks' numbers of parameters, or numbers in proportion to them.
    """
    longer = assumptions.mean_step_s / fmean([fit.step_s.value for fit in curves])
    sizes = [weight / fmean(weights) for weight in weights]
    networks = [_model(fit, size, longer, assumptions) for fit, size in zip(curves, sizes, strict=True)]
    models = tuple(
        network.model_copy(update={"name": f"{network.name}-{chr(ord('a') + copy)}"})
        for copy in range(assumptions.fine_tunes)
        for network in networks
    )
    base = family_scenario(sized_family(BASE, models=len(models)), 0)
    system = _system(base.system, models, assumptions)
    return base.model_copy(update={"family": name, "models": models, "system": system}), longer


def _model(fit: Curves, size: float, longer: float, assumptions: Assumptions) -> Model:
    plain = catalogue_model(fit, six(assumptions.mean_size_gb * size), cloud_s=0.0)
    step_s, setup_s = six(longer * fit.step_s.value), six(longer * fit.setup_s.value)
    cloud_s = six(assumptions.cloud_queue_s + setup_s + step_s * plain.steps_high / 2.0)
    return plain.model_copy(update={"step_s": step_s, "setup_s": setup_s, "cloud_s": cloud_s})


def _system(base: System, models: Sequence[Model], assumptions: Assumptions) -> System:
    """The base's, with a cache and a price of quality that fit the models."""
    fall = fmean([model.tv_worst - model.tv_best for model in models])
    cache_gb = share_of_sizes(FAMILIES[BASE].cache_share, models)
    return base.model_copy(update={"cache_gb": cache_gb, "tv_to_s": six(assumptions.worth_of_quality_s / fall)})
