"""Tables: the solvers, the references, what contradicts them, and what failed or was not tried."""

from __future__ import annotations

from typing import Any

import pandas as pd

from problems.judge import optimality_gap
from reports.statistics.means import TIME_SHIFT_S
from reports.study.failures import failures, not_tried
from reports.study.study import Study
from reports.writing.numbers import (
    DAGGER,
    MISSING,
    counted,
    fixed,
    gain_interval,
    gap_percent,
    percent_interval,
    significant,
)
from reports.writing.table import Column, Table


def solver_tables(study: Study) -> list[Table]:
    """One table of solvers for every scope of the summary."""
    return [_solvers(study, str(scope), rows) for scope, rows in study.summary.groupby("scope", sort=False)]


def _solvers(study: Study, scope: str, rows: pd.DataFrame) -> Table:
    shas = [sha for sha in study.references if scope not in study.families or study.family_of[sha] == scope]
    certified = sum(study.references[sha].certified for sha in shas)
    clouds = sum(study.references[sha].cloud_cost is not None for sha in shas)
    notes = [
        f"Means over {counted(len(shas), 'instance')}, {certified} of them with a certified optimum.",
        "Captured gain: all that was gained over all that there was to gain.",
        f"Solve time: geometric mean shifted by {TIME_SHIFT_S:g} s; a failed cell counts with its time limit.",
    ]
    if certified < len(shas):
        notes.append(
            "Without a certified optimum a gap is an interval: to the best known cost, to the best bound; without a "
            "bound too, all that is known is that it is at least so much, or nothing."
        )
    if clouds < len(shas):
        notes.append(
            f"No captured gain on {counted(len(shas) - clouds, 'instance')}: no complete answer of the cloud alone"
            " (solver none)."
        )
    if (~rows["complete"] & (rows["instances"] > 0)).any():
        notes.append(f"{DAGGER} mean over an incomplete set: not every cell of every instance stands behind it.")
    columns = [
        Column("solver", lambda r: r.label),
        Column("mean gap, %", lambda r: _marked(percent_interval(r.gap_low, r.gap_high), r.complete), "number"),
        Column("worst gap, %", lambda r: _marked(percent_interval(r.worst_low, r.worst_high), r.complete), "number"),
        Column("captured gain, %", _captured, "number"),
        Column("solve time, s", lambda r: significant(r.time_s), "number"),
        Column("tier", lambda r: r.tier or MISSING, "label"),
        Column("cells solved", lambda r: f"{r.solved} of {r.cells}", "number"),
        Column("proved optimal", lambda r: str(r.proved), "number"),
        Column("utility", lambda r: _marked(fixed(r.utility, 3), r.complete), "number"),
        Column("latency, s", lambda r: _marked(fixed(r.mean_latency_s, 3), r.complete), "number"),
        Column("TV", lambda r: _marked(fixed(r.mean_tv, 2), r.complete), "number"),
        Column("hit ratio", lambda r: _marked(fixed(r.hit_ratio, 3), r.complete), "number"),
    ]
    if rows["statuses"].any():
        columns.append(Column("how cells ended otherwise", lambda r: r.statuses))
    title = f"Solvers on {scope}" if scope in study.families else "Solvers"
    return Table("solvers", title, " ".join(notes), rows, tuple(columns))


def _marked(text: str, complete: bool) -> str:
    return text if complete or text == MISSING else text + DAGGER


def _captured(row: Any) -> str:
    whole = row.complete and row.captured_instances == row.of_instances
    return _marked(gain_interval(row.captured_low, row.captured_high), whole)


def reference_table(study: Study) -> Table:
    """What every instance is measured against, and who says so."""
    data = pd.DataFrame(
        [
            {
                "instance": study.names[sha],
                "family": study.family_of[sha],
                "certified": ref.certified,
                "best_cost": ref.best_cost,
                "best_bound": ref.best_bound,
                "cloud_cost": ref.cloud_cost,
                "agreeing_provers": ref.agreeing,
                "provenance": ref.provenance,
                "instance_sha256": sha,
            }
            for sha, ref in study.references.items()
        ]
    )
    for column in ("best_cost", "best_bound", "cloud_cost"):
        data[column] = data[column].astype(float)
    columns = (
        Column("instance", lambda r: r.instance),
        Column("family", lambda r: r.family, "label"),
        Column("certified", lambda r: "yes" if r.certified else "no"),
        Column("best cost", lambda r: fixed(r.best_cost, 6), "number"),
        Column("best bound", lambda r: fixed(r.best_bound, 6), "number"),
        Column("cloud cost", lambda r: fixed(r.cloud_cost, 6), "number"),
        Column("cloud over best, %", lambda r: _excess(r.cloud_cost, r.best_cost), "number"),
        Column("provenance", lambda r: r.provenance),
    )
    caption = (
        "Best cost: the lowest judged cost of a feasible solution, the optimum where certified. Best bound: the "
        "highest lower bound that no judged cost contradicts. Cloud cost: the judged cost of solver none."
    )
    return Table("references", "References", caption, data, columns)


def _excess(cost: float, best: float) -> str:
    return gap_percent(optimality_gap(cost, best))


def contradiction_table(study: Study) -> Table:
    """Every lower bound above a judged cost."""
    data = pd.DataFrame(
        [
            {"instance": study.names[sha], "label": found.label, "bound": found.bound, "cost": found.cost}
            | {"cost_label": found.cost_label, "excess": found.excess}
            for sha, reference in study.references.items()
            for found in reference.contradictions
        ],
        columns=["instance", "label", "bound", "cost", "cost_label", "excess"],
    )
    columns = (
        Column("instance", lambda r: r.instance),
        Column("bound by", lambda r: r.label),
        Column("lower bound", lambda r: repr(r.bound), "number"),
        Column("judged cost", lambda r: repr(r.cost), "number"),
        Column("cost by", lambda r: r.cost_label),
        Column("bound over cost, %", lambda r: f"{100 * r.excess:.3g}", "number"),
    )
    caption = "A lower bound above the judged cost of a feasible solution is false. It counts nowhere in this report."
    return Table("contradictions", "Contradictions", caption, data, columns)


def failure_table(study: Study) -> Table:
    """Every cell that was tried and has no judged answer."""
    columns = (
        Column("instance", lambda r: r.instance),
        Column("solver", lambda r: r.label, "label"),
        Column("status", lambda r: r.status, "label"),
        Column("repetition", lambda r: str(r.repetition), "number"),
        Column("reason", lambda r: r.reason),
        Column("command", lambda r: r.command, "code"),
    )
    caption = "Every cell that was tried and has no feasible judged solution, with the command that repeats it."
    return Table("failures", "Failures", caption, failures(study), columns)


def not_tried_table(study: Study) -> Table:
    """Where a solver was not tried, and why."""
    columns = (
        Column("solver", lambda r: r.label),
        Column("family", lambda r: r.family, "label"),
        Column("status", lambda r: r.status, "label"),
        Column("cells", lambda r: str(r.cells), "number"),
        Column("reason", lambda r: r.reason),
    )
    caption = (
        "Cells that were not tried because the solver does not take the instance or a part of it is not installed."
    )
    return Table("not-tried", "Not tried", caption, not_tried(study), columns)


def cell_data(study: Study) -> pd.DataFrame:
    """Every cell with its figures, for other programs; gaps and gains are fractions."""
    return study.cells.drop(columns=["stderr_tail", "violations", "events", "learning_curves"])
