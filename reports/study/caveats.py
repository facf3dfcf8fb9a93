"""What the study cannot say: its own limits, computed from its cells, each only where it applies."""

from __future__ import annotations

from problems.families.changes import split_changes
from problems.families.drawn import FAMILIES
from problems.families.sizes import Sizes, split
from reports.drawing.style import lacks
from reports.study.caveats_of_times import limits_of_times
from reports.study.study import LIMITED, Study
from reports.writing.numbers import counted


def limits(study: Study) -> list[str]:
    """The limits of the study: of its instances, its references, its answers and its times."""
    of_instances = [_instances(study), _drawn(study), _sizes(study), _partly_tried(study)]
    of_references = [_open(study), _lone_provers(study), _one_judge(study), _clouds(study)]
    of_answers = [_repetitions(study), _training_seeds(study), _stopped(study), _settings(study), _mixed_labels(study)]
    said = [*of_instances, *of_references, *of_answers, _superseded(study), _boxes(study), *limits_of_times(study)]
    said.append(
        "Means in tables of solvers carry no confidence intervals: a small difference between two may be chance."
    )
    return [sentence for sentence in said if sentence]


def _instances(study: Study) -> str:
    families = study.families
    counts = [sum(family == name for family in study.family_of.values()) for name in families]
    listed = ", ".join(f"{count} of {name}" for count, name in zip(counts, families, strict=True))
    extent = f"{counted(sum(counts), 'instance')}: {listed}"
    return f"What holds here holds for {extent}. Other scenarios may rank solvers otherwise."


def _drawn(study: Study) -> str:
    first = study.cells.drop_duplicates("scope")
    families = zip(first["scope"], first["family"], strict=True)
    drawn = [scope for scope, family in families if split(split_changes(family)[0])[0] in FAMILIES]
    if not drawn:
        return ""
    return f"Scenarios of {_listed(drawn)} are synthetic: catalogue, channel and demand are drawn from fixed ranges."


def _sizes(study: Study) -> str:
    sizes = study.cells.groupby("scope")[list(Sizes._fields)].nunique().max(axis=1)
    mixed = [str(scope) for scope in sizes.index[sizes > 1]]
    return f"Means over {_listed(mixed)} mix instances of different sizes; cells.csv has each." if mixed else ""


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
        f"References come from {_listed(sources)}; they and the judge share the formulas of the cost, so an error in "
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
    return f"The font of PNG and PDF figures lacks letters, shown as boxes; the SVG and the page show {_listed(boxed)}."


def _superseded(study: Study) -> str:
    if not study.superseded:
        return ""
    return (
        f"{counted(study.superseded, 'older row')} left out: the same cells were run again after the code had changed."
    )


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
