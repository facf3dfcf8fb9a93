"""Shares of the band that no user goes below in some optimum: nonlinear solvers need to stay away from b = 0."""

from __future__ import annotations

import math

import numpy as np

from problems.episode import Slots
from solvers.slot.air_loads import EXACT, LEAST_LOAD, NO_LOAD, AirLoads, air_terms, share_of_air, share_of_price

SAFETY = 0.999
"""Covers the rounding of the two roots."""


def least_shares(slots: Slots) -> np.ndarray:
    """(B, N): a share that each user has at least in some optimal allocation; 0 for those with nothing to send.

    At an optimum ``w F(b) / b^2`` is one price for all users, where w is alpha in time and alpha + kappa
    late. Somebody holds 1/n of the band or more, and F(b) / b^2 falls, so that the price is at most
    alpha + kappa times the greatest F(1/n) n^2. A user who is late has at least the share at
    that price; one in time has an air time of at most tau, and at least the share at that price for alpha.
    Without a price of lateness every w is alpha.
    """
    loads = AirLoads.of(slots)
    system = slots.system
    alpha, tau = system.latency_weight, system.deadline_s if system.couples_budgets else None
    late_weight = system.late_penalty / alpha if alpha > 0 else 0.0
    shares = np.zeros(slots.request.shape)
    for row in range(len(slots)):
        load = loads.up[row] + loads.down[row]
        who = np.flatnonzero(load > max(LEAST_LOAD, NO_LOAD * load.max()))
        equal = 1.0 / max(len(who), 1)
        terms = [(loads.up[row, n], loads.snr[row, n], loads.down[row, n]) for n in who]
        price = max((math.log(air_terms(equal, *term)[0] / equal**2) for term in terms), default=0.0)
        for n, term in zip(who, terms, strict=True):
            shares[row, n] = late = share_of_price(price, equal, *term, EXACT)
            if tau is not None:
                cheap = share_of_price(price + math.log(1.0 + late_weight), late, *term, EXACT) if alpha > 0 else 0.0
                shares[row, n] = min(late, max(share_of_air(tau, *term, EXACT), cheap))
    return SAFETY * shares
