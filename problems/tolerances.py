"""How far a number may be off: the tolerances of docs/problem.md, section 3."""

from __future__ import annotations

FEASIBILITY_TOLERANCE = 1e-9
"""Relative, on the sums of cache sizes and of bandwidth; integers are exact."""
OBJECTIVE_TOLERANCE = 1e-9
"""Relative: how far a claimed objective may be from the cost."""
OPTIMALITY_TOLERANCE = 1e-6
"""Relative: ``optimal`` claims lower_bound >= J (1 - this)."""
