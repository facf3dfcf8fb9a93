"""Two solvers with anytime curves, and one that is broken."""

from __future__ import annotations

import json

from tests.reports.cells import Row, cell


def rows(instances: int = 6) -> list[Row]:
    """``sure`` is within 5 % after 0.1 s and optimal after 1 s; ``quick`` answers in 0.02 s, 2 % above."""
    made = []
    for n in range(instances):
        events = [[0.1, "cost", 2.08], [0.5, "bound", 2.0], [1.0, "cost", 2.0]]
        optimal = {"solve_s": 1.5, "lower_bound": 2.0, "exact": True, "status": "optimal"}
        made.append(cell("sure", f"i{n}", 2.0, events=json.dumps(events), trace_seed=n, **optimal))
        quick = json.dumps([[0.02, "cost", 2.04]])
        made.append(cell("quick", f"i{n}", 2.04, events=quick, solve_s=0.03, trace_seed=n))
        made.append(cell("broken", f"i{n}", None, events="[]", status="crash", trace_seed=n))
    return made
