"""What the study cannot say: its own limits, computed from its cells."""

from __future__ import annotations

from problems.family_sizes import Sizes
from reports.environment import machines, versions
from reports.frame import LIMITED, Study
from reports.numbers import counted


def limits(study: Study) -> list[str]:
    """The limits of the study, those of its data first."""
    cells = study.cells
    said = [_instances(study), _repetitions(study), _references(study), _clouds(study), _mixed_labels(study)]
    said.append(_sizes(study))
    stopped = int((cells["solved"] & cells["status"].isin(LIMITED)).sum())
    if stopped:
        said.append(
            f"{counted(stopped, 'cell')} ended at a limit; the last solution streamed before it is what was judged."
        )
    if study.superseded:
        older = counted(study.superseded, "older row")
        said.append(f"{older} left out: the same cells were run again after the code had changed.")
    if len(machines(study)) > 1:
        said.append(f"Times come from {len(machines(study))} different machines and are not comparable across them.")
    if len(versions(study)) > 1:
        said.append(f"The cells come from {len(versions(study))} different sets of versions.")
    said.append(
        "Solve times are wall-clock times of one process; cells that ran at the same time on one machine slowed "
        "each other down."
    )
    said.append(
        "Means in tables of solvers carry no confidence intervals: a small difference between two may be chance."
    )
    said.append("Solvers ran with the settings of the matrix; nothing was tuned for an instance.")
    return [sentence for sentence in said if sentence]


def _instances(study: Study) -> str:
    families = study.families
    counts = [sum(family == name for family in study.family_of.values()) for name in families]
    listed = ", ".join(f"{count} of {name}" for count, name in zip(counts, families, strict=True))
    extent = f"{counted(sum(counts), 'instance')}: {listed}"
    return f"What holds here holds for {extent}. Other scenarios may rank solvers otherwise."


def _sizes(study: Study) -> str:
    sizes = study.cells.groupby("scope")[list(Sizes._fields)].nunique().max(axis=1)
    mixed = [str(scope) for scope in sizes.index[sizes > 1]]
    return f"Means over {' and '.join(mixed)} mix instances of different sizes; cells.csv has each." if mixed else ""


def _repetitions(study: Study) -> str:
    most = int(study.cells.groupby(["label", "instance_sha256"]).size().max())
    if most > 1:
        return ""
    return "Every cell was run once: the spread of solvers that draw random numbers, and of times, is not measured."


def _references(study: Study) -> str:
    open_ = sum(not reference.certified for reference in study.references.values())
    return (
        f"{counted(open_, 'instance')} without a certified optimum: the gap is known as an interval only."
        if open_
        else ""
    )


def _clouds(study: Study) -> str:
    missing = sum(reference.cloud_cost is None for reference in study.references.values())
    if not missing:
        return ""
    without = counted(missing, "instance")
    return f"{without} without a complete answer of the cloud alone (solver none): no captured gain there."


def _mixed_labels(study: Study) -> str:
    kinds = study.cells.groupby("label")[["solver", "settings"]].apply(lambda pairs: len(pairs.drop_duplicates()))
    mixed = [str(label) for label, number in kinds.items() if number > 1]
    return f"Labels that stand for more than one solver or setting: {', '.join(mixed)}." if mixed else ""
