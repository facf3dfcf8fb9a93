"""The cheapest service of one request at prices of steps and band, by trying every number of steps."""

from __future__ import annotations

import math
from typing import Any

from scipy.optimize import minimize_scalar

from tests import independent


def cheapest_service(
    system: dict[str, Any], request: independent.Request, step_price: float, band_price: float
) -> tuple[float, float]:
    """What it costs by way of the cloud, and at best where its model is held; any share of the band can be bought."""
    cloud = _cost(system, request, 0, band_price)
    last = min(max(1, math.ceil(request.model["steps_high"])), system["step_budget"])
    edge = min(_cost(system, request, s, band_price) + step_price * s for s in range(1, last + 1))
    return cloud, edge if system["forced_edge"] else min(cloud, edge)


def _cost(system: dict[str, Any], request: independent.Request, s: int, band_price: float) -> float:
    """With ``s`` steps and the best share of the band, which is paid for; the cost has one minimum over shares."""
    seconds, tv = independent.generation(system, request, s)
    alpha, tau = system["latency_weight"], system["deadline_s"]

    def total(log_share: float) -> float:
        share = math.exp(log_share)
        latency = independent.air_time(system, request, share) + seconds
        late = 0.0 if tau is None else system["late_penalty"] * max(0.0, latency - tau)
        return float(alpha * latency + late + band_price * share)

    tried = [-25.0 + 0.25 * i for i in range(141)]
    near = min(range(1, 140), key=lambda i: total(tried[i]))
    found = minimize_scalar(total, bounds=(tried[near - 1], tried[near + 1]), method="bounded", options={"xatol": 1e-9})
    return float(found.fun) + (1 - alpha) * system["tv_to_s"] * tv
