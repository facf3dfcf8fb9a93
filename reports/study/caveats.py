"""What the study cannot say: its own limits, computed from its cells, each only where it applies."""

from __future__ import annotations

import json

import pandas as pd

from benchmarks.process.outcome import LIMITED
from problems.families.changes import split_changes
from problems.families.drawn import FAMILIES
from problems.families.sizes import Sizes, split
from reports.drawing.style import lacks
from reports.study.cells import present
from reports.study.machines import machines, versions
from reports.study.study import Study
from reports.writing.numbers import PERCENT, counted, listed

_NOTEWORTHY = 0.01
"""Waiting that took a smaller share of the solve times is not worth a sentence."""


def caveats(study: Study) -> list[str]:
    """The limits of the study: of its instances, its references, its answers and its times."""
    of_instances = [_instances(study), _drawn(study), _sizes(study), _partly_tried(study)]
    of_references = [_open(study), _lone_provers(study), _one_judge(study), _clouds(study)]
    of_answers = [_repetitions(study), _training_seeds(study), _stopped(study), _settings(study), _mixed_labels(study)]
    of_answers.append(_superseded(study))
    of_times = [_place(study), _load(study.cells), _waiting(study.cells), _threads(study.cells), _versions(study)]
    of_means = "Means in tables of solvers carry no confidence intervals: a small difference between two may be chance."
    sentences = [*of_instances, *of_references, *of_answers, _boxes(study), *of_times, of_means]
    return [sentence for sentence in sentences if sentence]


def _instances(study: Study) -> str:
    families = study.families
    counts = [sum(family == name for family in study.family_of.values()) for name in families]
    parts = ", ".join(f"{count} of {name}" for count, name in zip(counts, families, strict=True))
    extent = f"{counted(sum(counts), 'instance')}: {parts}"
    return f"What holds here holds for {extent}. Other scenarios may rank solvers otherwise."


def _drawn(study: Study) -> str:
    first = study.cells.drop_duplicates("scope")
    families = zip(first["scope"], first["family"], strict=True)
    drawn = [scope for scope, family in families if split(split_changes(family)[0])[0] in FAMILIES]
    if not drawn:
        return ""
    return f"Scenarios of {listed(drawn)} are synthetic: catalogue, channel and demand are drawn from fixed ranges."


def _sizes(study: Study) -> str:
    sizes = study.cells.groupby("scope")[list(Sizes._fields)].nunique().max(axis=1)
    mixed = [str(scope) for scope in sizes.index[sizes > 1]]
    return f"Means over {listed(mixed)} mix instances of different sizes; cells.csv has each." if mixed else ""


def _partly_tried(study: Study) -> str:
    tried = study.cells[study.cells["outcome"] != "not-tried"]
    instances = tried.groupby("label")["instance_sha256"].nunique()
    partly = [str(label) for label in instances.index[instances < len(study.references)]]
    if not partly:
        return ""
    return f"Not tried on every instance: {', '.join(partly)}; their overall means stand beside others over more."


def _open(study: Study) -> str:
    open_ = sum(not one.certified and one.best_cost is not None for one in study.references.values())
    return (
        f"{counted(open_, 'instance')} without a certified optimum: the gap is known as an interval only."
        if open_
        else ""
    )


def _lone_provers(study: Study) -> str:
    alone = sum(reference.certified and reference.agreeing < 2 for reference in study.references.values())
    return f"The optimum of {counted(alone, 'instance')} rests on the word of one solver." if alone else ""


def _one_judge(study: Study) -> str:
    provers = [set(one.provers) for one in study.references.values() if one.certified]
    if not provers:
        return ""
    own = set(study.cells["label"])
    sources = ["solvers of this study"] if any(names & own for names in provers) else []
    sources += ["the table of references that t2bench ships"] if any(names - own for names in provers) else []
    return (
        f"References come from {listed(sources)}; they and the judge share the formulas of the cost, so an error in "
        "those would be everybody's."
    )


def _clouds(study: Study) -> str:
    missing = sum(reference.cloud_cost is None for reference in study.references.values())
    if not missing:
        return ""
    without = counted(missing, "instance")
    return f"{without} without a complete answer of the cloud alone (solver none): no captured gain there."


def _repetitions(study: Study) -> str:
    most = int(study.cells.groupby(["label", "instance_sha256"]).size().max())
    if most > 1:
        return ""
    return "Every cell was run once: the spread of solvers that draw random numbers, and of times, is not measured."


def _training_seeds(study: Study) -> str:
    learnt = study.cells.dropna(subset=["agent_sha256"])
    seeds = learnt.groupby("label")["seed"].nunique()
    single = [str(label) for label in seeds.index[seeds == 1]]
    return f"Trained with one seed, so that the luck of training is unknown: {', '.join(single)}." if single else ""


def _stopped(study: Study) -> str:
    stopped = int((study.cells["solved"] & study.cells["status"].isin(LIMITED)).sum())
    return (
        f"{counted(stopped, 'cell')} ended at a limit; the last solution streamed before it is what was judged."
        if stopped
        else ""
    )


def _settings(study: Study) -> str:
    settings = [set(group) for _, group in study.cells.groupby("label")["settings"]]
    return (
        f"{settings.count({'{}'})} of {counted(len(settings), 'solver')} ran with default settings, none was tuned for "
        "an instance, and each started cold: what an earlier answer is worth as a start is not measured."
    )


def _mixed_labels(study: Study) -> str:
    kinds = study.cells.groupby("label")[["solver", "settings"]].apply(lambda pairs: len(pairs.drop_duplicates()))
    mixed = [str(label) for label, number in kinds.items() if number > 1]
    return f"Labels that stand for more than one solver or setting: {', '.join(mixed)}." if mixed else ""


def _boxes(study: Study) -> str:
    boxed = [str(name) for name in (*study.families, *sorted(study.cells["label"].unique())) if lacks(str(name))]
    if not boxed:
        return ""
    return f"The font of PNG and PDF figures lacks letters, shown as boxes; the SVG and the page show {listed(boxed)}."


def _superseded(study: Study) -> str:
    if not study.superseded:
        return ""
    return (
        f"{counted(study.superseded, 'older row')} left out: the same cells were run again after the code had changed."
    )


def _place(study: Study) -> str:
    known = machines(study)
    place = f"{len(known)} different machines and are not comparable across them" if len(known) > 1 else "one machine"
    return (
        f"Times come from {place}; they are wall-clock times of one process, and nothing held the clock of the "
        "processor steady."
    )


def _load(cells: pd.DataFrame) -> str:
    measured = cells.dropna(subset=["load_before", "cores"])
    busy = int((measured["load_before"] >= measured["cores"].astype(float)).sum())
    if not busy:
        return ""
    return f"{counted(busy, 'cell')} started while every core of the machine had something else to do."


def _waiting(cells: pd.DataFrame) -> str:
    measured = cells.dropna(subset=["stalled_s", "solve_s"])
    total = float(measured["solve_s"].sum())
    share = float(measured["stalled_s"].sum()) / total if total > 0 else 0.0
    if share < _NOTEWORTHY:
        return ""
    return (
        f"{100 * share:.0f}{PERCENT} of the solve times may have been waiting for a processor, and is counted in them."
    )


def _threads(cells: pd.DataFrame) -> str:
    counts = {json.loads(text).get("OMP_NUM_THREADS") for text in map(present, cells["threads"].unique()) if text}
    if counts != {"1"}:
        return ""
    return "Every solver had one thread: what more of them would gain is not measured."


def _versions(study: Study) -> str:
    sets = versions(study)
    return f"The cells come from {len(sets)} different sets of versions." if len(sets) > 1 else ""
