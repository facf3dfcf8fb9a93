"""Hypothesis strategies: instances in the file format with decisions."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from problems.solution import Solution
from tests.cases import as_instance, random_decisions, random_document, random_feasible

Case = tuple[dict[str, Any], Solution]


@st.composite
def documents(draw: st.DrawFn, /, **fixed: Any) -> dict[str, Any]:
    """Instance documents of up to 3 frames, 3 slots, 4 users and 5 models."""
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 4)))
    arguments = {"models": draw(st.integers(1, 5)), "idle": draw(st.sampled_from([0.0, 0.3, 0.8]))}
    return random_document(draw(st.integers(0, 10**6)), **{"shape": shape, **arguments, **fixed})


@st.composite
def cases(draw: st.DrawFn, /, *, feasible: bool = False, **fixed: Any) -> Case:
    """A document with complete decisions, which keep the rules at least half of the time."""
    document = draw(documents(**fixed))
    decide = random_feasible if feasible or draw(st.booleans()) else random_decisions
    return document, decide(as_instance(document), draw(st.integers(0, 10**6)))
