"""The families whose scenarios are drawn, a scenario a seed: docs/problem.md, section 6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction

import numpy as np

from problems import physics
from problems.caches import fill_in_order
from problems.equal_split import equal_split
from problems.families.sampling import SIGNIFICANT_DIGITS, Stream, sample_trace, significant, six
from problems.families.sizes import Sizes, split
from problems.scenario import Demand, Model, Scenario, System

USER_UPLINK_MHZ = 3.0
USER_DOWNLINK_MHZ = 6.0
USER_STEPS = 20
USER_POWER_W = 0.2
BS_POWER_W = 20.0
NOISE_W_PER_MHZ = six(10 ** (-174.0 / 10) * 1e-3 * 1e6)
"""-174 dBm/Hz."""
BACKHAUL_MBPS = 100.0
LATENCY_WEIGHT = 0.5
TV_TO_S = 0.15
STAY_PROBABILITY = 0.7
CALIBRATION_TRACES = 4
LATE_QUANTILE = 0.75


@dataclass(frozen=True)
class Family:
    """How the scenarios of a family are drawn; the defaults are those that most families share."""

    purpose: str
    models: int
    users: int
    frames: int
    slots: int
    cache_share: Fraction = Fraction(1, 3)
    """Cache capacity as a share of the catalogue's total size."""
    skew: tuple[float, ...] = (0.8, 1.2, 1.6)
    own_ranking: bool = False
    """Whether each state ranks the models its own way."""
    load_cost_per_request: float = 0.0
    """sigma / (N K)."""
    forced_edge: bool = False
    has_deadline: bool = False

    @property
    def sizes(self) -> Sizes:
        """M, N, K and T."""
        return Sizes(self.models, self.users, self.slots, self.frames)


FAMILIES: dict[str, Family] = {
    "tiny": Family("everything by brute force, steps and caches alike", 3, 2, 3, 2, cache_share=Fraction(1, 2)),
    "small": Family("certified optima in milliseconds; learners checked against the optimum", 6, 4, 10, 4),
    "paper": Family(
        "the paper's setting: skew-only states, forced edge, no deadline",
        *(10, 10, 10, 10),
        skew=(0.2, 0.6, 1.0),
        forced_edge=True,
    ),
    "drift": Family(
        "each state has its own ranking, loading costs: caching is sequential",
        *(10, 10, 40, 5),
        own_ranking=True,
        load_cost_per_request=0.012,
    ),
    "deadline": Family("a soft deadline couples bandwidth and steps", 8, 8, 10, 5, has_deadline=True),
    "metro": Family("scale: judged by certified lower bounds", 40, 200, 20, 10),
}


def drawn_scenario(name: str, scenario_seed: int) -> Scenario:
    """The scenario of a drawn family, in its own sizes or in others (``paper-m20-n10-k10-t1``), and of a seed."""
    own, sizes = split(name)
    family = replace(FAMILIES[own], **({} if sizes is None else sizes._asdict()))
    stream = Stream(name, scenario_seed, "scenario")
    models = _models(family, stream)
    scenario = Scenario(
        family=name,
        scenario_seed=scenario_seed,
        frames=family.frames,
        slots=family.slots,
        users=family.users,
        models=models,
        system=_system(family, models),
        demand=_demand(family, stream),
    )
    return _with_deadline(scenario) if family.has_deadline else scenario


def _models(family: Family, stream: Stream) -> tuple[Model, ...]:
    count = family.models
    size = stream.between(2, 10, count)
    low, high = stream.whole(5, 15, count), stream.whole(30, 60, count)
    worst, best = stream.between(100, 150, count), stream.between(20, 50, count)
    step = significant(0.02 + 0.02 * size * (0.5 + stream.uniform(count)))
    setup = stream.between(0.2, 1.5, count)
    cloud = significant(stream.between(4, 12, count) + step * high / 2 + setup)
    digits = len(str(count - 1))
    return tuple(
        Model(
            name=f"m{m:0{digits}d}",
            size_gb=float(size[m]),
            steps_low=float(low[m]),
            steps_high=float(high[m]),
            tv_worst=float(worst[m]),
            tv_best=float(best[m]),
            step_s=float(step[m]),
            setup_s=float(setup[m]),
            cloud_s=float(cloud[m]),
        )
        for m in range(count)
    )


def _system(family: Family, models: tuple[Model, ...]) -> System:
    return System(
        cache_gb=share_of_sizes(family.cache_share, models),
        step_budget=USER_STEPS * family.users,
        uplink_mhz=USER_UPLINK_MHZ * family.users,
        downlink_mhz=USER_DOWNLINK_MHZ * family.users,
        user_power_w=USER_POWER_W,
        bs_power_w=BS_POWER_W,
        noise_w_per_mhz=NOISE_W_PER_MHZ,
        backhaul_mbps=BACKHAUL_MBPS,
        load_cost_per_gb=six(family.load_cost_per_request * family.users * family.slots),
        deadline_s=None,
        late_penalty=0.0,
        latency_weight=LATENCY_WEIGHT,
        tv_to_s=TV_TO_S,
        forced_edge=family.forced_edge,
    )


def share_of_sizes(share: Fraction, models: Sequence[Model]) -> float:
    """A share of the models' sizes in GB, to six significant digits.

    Sizes are decimals of few digits, so half of their sum often lies halfway between two decimals of six: it is
    computed exactly, where floats would leave to their last bit which of the two it becomes.
    """
    part = share * sum(Fraction(repr(model.size_gb)) for model in models)
    return float(Context(prec=SIGNIFICANT_DIGITS).divide(Decimal(part.numerator), Decimal(part.denominator)))


def _demand(family: Family, stream: Stream) -> Demand:
    states = len(family.skew)
    move = six((1 - STAY_PROBABILITY) / (states - 1))
    orders = [stream.permutation(family.models) for _ in range(states)]
    return Demand(
        transition=tuple(tuple(STAY_PROBABILITY if i == j else move for j in range(states)) for i in range(states)),
        skew=family.skew,
        ranking=tuple(tuple(orders[j if family.own_ranking else 0].tolist()) for j in range(states)),
        activity=1.0,
        state_observed=True,
    )


def _with_deadline(scenario: Scenario) -> Scenario:
    """tau: the 75th percentile of the latencies of an equal split under the popularity cache; kappa = 1."""
    catalogue, system = scenario.catalogue, scenario.system
    popularity = scenario.demand.stationary @ scenario.demand.popularity
    cache = fill_in_order(np.argsort(-popularity, kind="stable"), catalogue.size_gb, system.cache_gb)
    latencies = []
    for number in range(CALIBRATION_TRACES):
        trace = sample_trace(scenario, f"calibration-{number}")
        request = trace.request.reshape(-1, scenario.users)
        bandwidth, steps = equal_split(request, cache[request], catalogue, system.step_budget)
        latency = physics.latency_s(
            bandwidth,
            steps,
            trace.gain.reshape(request.shape),
            trace.input_mb.reshape(request.shape),
            trace.output_mb.reshape(request.shape),
            catalogue.step_s[request],
            catalogue.setup_s[request],
            catalogue.cloud_s[request],
            system,
        )
        latencies.append(latency[request >= 0])
    tau = six(float(np.quantile(np.concatenate(latencies), LATE_QUANTILE)))
    return scenario.model_copy(update={"system": system.model_copy(update={"deadline_s": tau, "late_penalty": 1.0})})
