"""What was run and how it ended, in words."""

from __future__ import annotations

from benchmarks.process.outcome import LIMITED, NOT_TRIED, STATUSES
from reports.study.study import Study
from reports.writing.numbers import counted


def facts(study: Study) -> list[str]:
    """How much was run, how the cells ended, and what proves the optima."""
    return [_extent(study), _ends(study), _certificates(study)]


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
