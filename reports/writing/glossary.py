"""The words of the report and what they mean."""

from __future__ import annotations

from problems.tolerances import OPTIMALITY_TOLERANCE

_TOLERANCE = f"{100 * OPTIMALITY_TOLERANCE:g}\u00a0%"

GLOSSARY: tuple[tuple[str, str], ...] = (
    (
        "cost J",
        "What is minimised: weighted latency, quality and lateness of a request plus its share of loading models,"
        " a mean over the active requests. The judge computes it from the decisions; no solver's own figure is "
        "used.",
    ),
    (
        "gap",
        f"(J - J*) / J*, where J* is the certified optimum of the instance; at most {_TOLERANCE} is written 0. Without "
        "a certified optimum the gap is an interval: from the gap to the best known cost to the gap to the best bound; "
        "for the best known cost without any bound it is unknown.",
    ),
    (
        "certified optimum",
        f"A judged cost that a lower bound proves optimal to {_TOLERANCE}. The provenance names the solvers whose "
        "bound proves it, whether or not they promise one; exact methods agree where several each proved their own "
        "answer.",
    ),
    (
        "captured gain",
        "(J_cloud - J) / (J_cloud - J_off): the share of what an edge server can gain. 0\u00a0% is the cloud alone, "
        "100\u00a0% is the optimum in hindsight; below 0 is worse than no edge server.",
    ),
    (
        "tier",
        "What a solver knows. hindsight: the whole trace. online-model-based: the scenario and its probabilities,"
        " not the future. online-model-free: only what it has seen. A hindsight solver has an advantage that no "
        "online solver can have; compare within a tier.",
    ),
    (
        "cell",
        "One solver on one instance with one seed, run in a process of its own. Solved: it left a feasible judged"
        " solution, if only at a limit: a timeout with an answer is solved, one without failed. Proved optimal: its own"
        " bound certifies its cost, which a solver may achieve that does not promise it.",
    ),
    (
        "mean",
        "Over instances, each the mean of its solved cells. A mean over an incomplete set is marked, and its "
        "solver stands after those that solved everything: easy instances alone make no rank.",
    ),
    (
        "instance",
        "A scenario with one trace: what is requested in every slot of every frame. A family fixes how scenarios "
        "are drawn.",
    ),
)
