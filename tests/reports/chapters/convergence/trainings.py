"""Solvers that share agents with learning curves."""

from __future__ import annotations

from tests.reports.agents import curve, falling, trained_by
from tests.reports.cells import Row, cell


def sharing_agents() -> list[Row]:
    """Two solvers that share two agents, one that adds an agent of its own, and one that was not measured."""
    rows = [cell("online-optimal", f"i{n}", 2.02, lower_bound=2.0, trace_seed=n) for n in range(2)]
    rows += [cell("exhaustive", f"i{n}", 2.0, lower_bound=2.0, status="optimal", trace_seed=n) for n in range(2)]
    for seed, end in enumerate((1.0, 3.0)):
        agent = f"a{seed}", curve(*falling(end))
        other = f"b{seed}", curve(*falling(2 * end), learner="ddqn+ddpg", pace=2.0)
        for n in range(2):
            shared = {"seed": seed, "repetition": seed, "trace_seed": n}
            rows.append(cell("t2drl", f"i{n}", 2.1, **shared, **trained_by(agent)))
            rows.append(cell("online-optimal+d3pg", f"i{n}", 2.1, **shared, **trained_by(agent)))
            rows.append(cell("ddqn+ddpg", f"i{n}", 2.1, **shared, **trained_by(agent, other)))
    return [*rows, cell("online-optimal+td3", "i0", 2.2, **trained_by(("c", None)))]
