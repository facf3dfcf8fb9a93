"""A scenario fitted to the log of a production service."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydantic import ValidationError

from problems.families.drawn import BACKHAUL_MBPS, BS_POWER_W, LATENCY_WEIGHT, NOISE_W_PER_MHZ, TV_TO_S, USER_POWER_W
from problems.families.sampling import significant, six
from problems.families.sizes import LARGEST_SIZE
from problems.instance import IDLE
from problems.io.errors import InputError, from_validation
from problems.production.assumptions import Assumptions
from problems.production.catalogue import REST, entry_of, most_requested
from problems.production.extent import Extent
from problems.production.gentd26 import ServedRequests
from problems.production.hidden_markov import HiddenMarkov, fit_hidden_markov, information_criterion
from problems.production.hours import Hours
from problems.production.seats import Seats, seat
from problems.scenario import Demand, Model, Scenario, System

MOST_STATES = 20


@dataclass(frozen=True, eq=False)
class Fitted:
    """A scenario, and what it was fitted to."""

    scenario: Scenario
    seats: Seats
    criterion: float
    """Schwarz's information criterion of the popularity states."""


def fit_scenario(
    requests: ServedRequests,
    hours: Hours,
    loading_s: float,
    family: str,
    extent: Extent | None = None,
    assumptions: Assumptions | None = None,
) -> Fitted:
    """The scenario whose demand process, service times and loading costs are those of some hours of a log.

    Raises InputError for hours, models or states that the log does not allow, and for values that no scenario may have.
    """
    extent, assumed = extent or Extent(), assumptions or Assumptions()
    for field, largest in (("states", MOST_STATES), *((size, LARGEST_SIZE) for size in ("users", "slots", "frames"))):
        if not 1 <= getattr(extent, field) <= largest:
            raise InputError(f"{field}: {getattr(extent, field)}; must be from 1 to {largest}")
    inside = hours.of(requests)
    names = most_requested(requests.model[inside], extent.models)
    entry = entry_of(requests.model, names)
    seats = seat(requests, entry, hours, extent.slots, extent.users)
    count = np.array([np.bincount(frame[frame != IDLE], minlength=len(names)) for frame in seats.entry])
    chain = fit_hidden_markov(count, extent.states)
    activity = float((seats.entry[count.sum(axis=1) > 0] != IDLE).mean())
    others = len(set(requests.model[inside])) - (len(names) - 1)
    try:
        models = _models(names, entry[inside], requests, inside, others, assumed)
        scenario = Scenario(
            family=family,
            frames=extent.frames,
            slots=extent.slots,
            users=extent.users,
            models=models,
            system=_system(models, activity * extent.users, loading_s, assumed),
            demand=_demand(chain, activity, assumed),
        )
    except ValidationError as error:
        raise from_validation(error) from None
    return Fitted(scenario, seats, information_criterion(chain, count))


def _models(
    names: tuple[str, ...],
    entry: np.ndarray,
    requests: ServedRequests,
    inside: np.ndarray,
    others: int,
    assumed: Assumptions,
) -> tuple[Model, ...]:
    service, steps = requests.service_s[inside], requests.steps[inside]
    warm = np.array([_quantile(service[entry == m], assumed.warm_quantile, names[m]) for m in range(len(names))])
    cloud = [_quantile(service[entry == m], 0.5, names[m]) for m in range(len(names))]
    most = [_quantile(steps[entry == m], 0.5, names[m]) for m in range(len(names))]
    named = warm[:-1]
    size = np.clip(assumed.mean_size_gb * named / named.mean(), assumed.least_size_gb, assumed.greatest_size_gb)
    size = np.append(size, max(assumed.mean_size_gb * others, size.sum()))
    setup = assumed.setup_share * warm
    return tuple(
        Model(
            name=name,
            size_gb=six(size[m]),
            steps_low=min(assumed.lowest_steps, most[m] / 2),
            steps_high=most[m],
            tv_worst=assumed.tv_worst,
            tv_best=assumed.tv_best,
            step_s=six((warm[m] - setup[m]) / most[m]),
            setup_s=six(setup[m]),
            cloud_s=six(cloud[m]),
        )
        for m, name in enumerate(names)
    )


def _system(models: tuple[Model, ...], active: float, loading_s: float, assumed: Assumptions) -> System:
    """``active``: users of a mean slot."""
    named = np.array([model.size_gb for model in models if model.name != REST])
    return System(
        cache_gb=six(assumed.cache_share * named.sum()),
        step_budget=max(1, round(assumed.user_steps * active)),
        uplink_mhz=six(assumed.user_uplink_mhz * active),
        downlink_mhz=six(assumed.user_downlink_mhz * active),
        user_power_w=USER_POWER_W,
        bs_power_w=BS_POWER_W,
        noise_w_per_mhz=NOISE_W_PER_MHZ,
        backhaul_mbps=BACKHAUL_MBPS,
        load_cost_per_gb=six(assumed.delayed * LATENCY_WEIGHT * loading_s / named.mean()),
        deadline_s=None,
        late_penalty=0.0,
        latency_weight=LATENCY_WEIGHT,
        tv_to_s=TV_TO_S,
        forced_edge=False,
    )


def _demand(chain: HiddenMarkov, activity: float, assumed: Assumptions) -> Demand:
    return Demand(
        transition=tuple(map(_shares, chain.transition)),
        skew=tuple(significant(chain.skew).tolist()),
        ranking=tuple(tuple(order) for order in chain.order.tolist()),
        activity=six(activity),
        state_observed=False,
        input_mb=(assumed.text_mb, assumed.image_mb),
        output_mb=(assumed.image_mb, assumed.image_mb * assumed.most_images),
    )


def _shares(row: np.ndarray) -> tuple[float, ...]:
    """Four decimals each, the greatest takes what rounding leaves."""
    rounded = np.round(row, 4)
    greatest = int(rounded.argmax())
    rounded[greatest] = round(1 - float(np.delete(rounded, greatest).sum()), 4)
    return tuple(rounded.tolist())


def _quantile(values: np.ndarray, share: float, name: str) -> float:
    known = values[~np.isnan(values)]
    if known.size == 0:
        raise InputError(f"model {name}: none of its requests has the times and steps that the scenario needs")
    return float(np.quantile(known, share))
