"""A scenario with factors on its system and demand: the points of a sweep."""

from __future__ import annotations

from pydantic import ValidationError

from problems.families.changes import Changes
from problems.families.sampling import six
from problems.io.errors import InputError, from_validation
from problems.scenario import Scenario, System, check_consistent


def changed_scenario(scenario: Scenario, changes: Changes) -> Scenario:
    """The scenario with its factors applied, under its own name; everything else, a deadline too, stays as it is.

    The step budget is rounded to a whole number and at least 1, other values to six significant digits.
    Raises InputError where a changed value is not allowed, such as a weight of latency above 1.
    """
    system, demand = scenario.system, scenario.demand
    values = {
        "cache_gb": six(system.cache_gb * changes.cache),
        "uplink_mhz": six(system.uplink_mhz * changes.bandwidth),
        "downlink_mhz": six(system.downlink_mhz * changes.bandwidth),
        "step_budget": max(1, round(system.step_budget * changes.steps)),
        "latency_weight": six(system.latency_weight * changes.latency),
    }
    try:
        system = System.model_validate(system.model_dump() | values)
    except ValidationError as error:
        raise InputError(f"system.{from_validation(error)}") from None
    demand = demand.model_copy(update={"skew": tuple(six(skew * changes.skew) for skew in demand.skew)})
    try:
        check_consistent(scenario.models, system, demand, scenario.users)
    except ValueError as error:
        raise InputError(str(error)) from None
    return scenario.model_copy(update={"system": system, "demand": demand})
