"""Table: the integrals of every solver's gaps over time."""

from __future__ import annotations

from reports.chapters.anytime.measure import Race
from reports.writing.numbers import counted, significant
from reports.writing.table import Column, Table

METHOD = (
    "The primal integral adds up the gap of the best answer so far over time, in seconds: 0 for an optimal answer at "
    "once, the whole time for none; before the first answer the gap is 1, and it is relative to the greater of the "
    "cost and the best known one, so that it never exceeds 1 (Berthold, Measuring the impact of primal heuristics, "
    "Operations Research Letters 2013). The primal-dual integral does the same with the gap between the best answer "
    "and the solver's own best bound; without a bound it is the whole time. Every cell is followed to the longest "
    "solve of its family, and its last answer and bound stand until then, so that stopping early is neither a gain "
    "nor a loss. What a solver keeps to itself until it returns counts from then on."
)


def anytime_table(race: Race) -> Table:
    """The integrals of every solver, the least primal one first."""
    columns = (
        Column("solver", lambda r: r.label, "label"),
        Column("cells", lambda r: str(r.cells), "number"),
        Column("with an answer", lambda r: str(r.answered), "number"),
        Column("first answer, s", lambda r: significant(r.first_s), "number"),
        Column("primal integral, s", lambda r: significant(r.primal_s), "number"),
        Column("primal-dual integral, s", lambda r: significant(r.primal_dual_s), "number"),
    )
    caption = (
        f"Means over the cells of {counted(race.instances, 'instance')}, the first answer a median; integrals over "
        f"{significant(race.horizon_s)} s."
    )
    return Table(
        "anytime", f"{race.family}: answers and bounds in the course of time", caption, race.integrals, columns
    )
