"""The story in words, every figure in it computed."""

from __future__ import annotations

import math

import pandas as pd

from problems.judge import optimality_gap
from reports.frame import LIMITED, NOT_TRIED, STATUSES, Study
from reports.numbers import PERCENT, counted, gap_percent, percent_interval, significant
from reports.summary import widest

CLOSE = 0.01
"""What counts as close when asking for the fastest solver that is close: a gap of 1 %."""


def sentences(study: Study, summary: pd.DataFrame) -> list[str]:
    """What the study found, the most general first; nothing is said that no cell backs."""
    overall = widest(summary)
    said = [_extent(study), _ends(study), _certificates(study), _possible(study)]
    said += [_closest(overall), _closest_online(overall), _fastest_close(overall)]
    return [sentence for sentence in said if sentence]


def _extent(study: Study) -> str:
    cells = study.cells
    families = study.families
    return (
        f"{counted(len(cells), 'cell')}: {counted(cells['label'].nunique(), 'solver')} on "
        f"{counted(len(study.references), 'instance')} of "
        f"{counted(len(families), 'family', 'families')} ({', '.join(families)})."
    )


def _ends(study: Study) -> str:
    counts = study.cells["outcome"].value_counts()
    solved, failed, bounds, idle = (
        int(counts.get(name, 0)) for name in ("solved", "failed", "bound-only", "not-tried")
    )
    cut = int((study.cells["solved"] & study.cells["status"].isin(LIMITED)).sum())
    parts = [f"{solved} ended with a feasible solution" + (f" ({cut} of them at a limit)" if cut else "")]
    if failed:
        by_status = study.cells.loc[study.cells["outcome"] == "failed", "status"].value_counts()
        known = [status for status in STATUSES if status in by_status and status not in NOT_TRIED]
        parts.append(f"{failed} failed ({', '.join(f'{by_status[status]} {status}' for status in known)})")
    parts += [f"{bounds} gave a bound only"] if bounds else []
    parts += [f"{idle} not tried"] if idle else []
    return ", ".join(parts) + (". No cell failed." if not failed else ".")


def _certificates(study: Study) -> str:
    references = study.references.values()
    if not any(reference.best_cost is not None for reference in references):
        return "No instance has a feasible answer, so there is no gap to report."
    certified = sum(reference.certified for reference in references)
    agreed = sum(reference.certified and reference.agreeing > 1 for reference in references)
    total = counted(len(references), "instance")
    if not certified:
        return f"No optimum is certified on any of {total}: every gap is an interval."
    share = f"all {total}" if certified == len(references) > 1 else f"{certified} of {total}"
    text = f"The optimum is certified on {share}"
    text += f", on {agreed} of them by two or more exact methods that agree." if agreed else "."
    return text if certified == len(references) else text + " Elsewhere gaps are intervals."


def _possible(study: Study) -> str:
    pairs = [(r.cloud_cost, r.best_cost) for r in study.references.values() if r.certified]
    excess = [optimality_gap(cloud, best) for cloud, best in pairs if cloud is not None and best is not None]
    if not excess:
        return ""
    mean = sum(excess) / len(excess)
    return (
        f"Without an edge server the cost is on average {gap_percent(mean)}{PERCENT} above the optimum "
        f"({counted(len(excess), 'instance')}): this is what there is to gain."
    )


def _closest(overall: pd.DataFrame) -> str:
    return _leader(
        overall[overall["complete"] & ~overall["exact"]],
        "Of the solvers that do not promise the optimum and answered every cell,",
    )


def _closest_online(overall: pd.DataFrame) -> str:
    online = overall["tier"].str.startswith("online")
    return _leader(overall[overall["complete"] & online], "Of the online solvers that answered every cell,")


def _leader(rows: pd.DataFrame, group: str) -> str:
    if rows.empty:
        return ""
    best = rows.iloc[0]
    if math.isinf(best["gap_high"]):
        return f"{group} {_quoted(best)} comes closest to the best known costs; bounds on the optimum are missing."
    text = f"{group} {_quoted(best)} comes closest to the optimum: a mean gap of {_gap(best, 'gap')}"
    text += f", at worst {_gap(best, 'worst')}"
    if len(rows) > 1:
        text += f"; next is {_quoted(rows.iloc[1])} with {_gap(rows.iloc[1], 'gap')}"
    return text + "."


def _fastest_close(overall: pd.DataFrame) -> str:
    if not overall["solved"].any():
        return ""
    close = overall[overall["complete"] & (overall["worst_high"] <= CLOSE)].sort_values(["time_s", "label"])
    near = f"within {100 * CLOSE:g}{PERCENT} of the optimum in every cell"
    if close.empty:
        return f"No solver that answered every cell is known to be {near}."
    best = close.iloc[0]
    group = f"The fastest of {len(close)} solvers" if len(close) > 1 else "The only solver"
    return f"{group} {near} is {_quoted(best)}: {significant(best['time_s'])} s a solve."


def _quoted(row: pd.Series) -> str:
    return f"“{row['label']}”"


def _gap(row: pd.Series, which: str) -> str:
    return f"{percent_interval(row[f'{which}_low'], row[f'{which}_high'])}{PERCENT}"
