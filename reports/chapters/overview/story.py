"""The story in words: what there is to gain, who leads where, by how much and how surely, what learning gained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.chapters.chapter import Part, Sentence
from reports.chapters.overview.leaders import TIERS, Lead
from reports.chapters.overview.leaders_table import NAME, interval_text, lead_text, value_text
from reports.statistics.two_way_bootstrap import CONFIDENCE
from reports.study.study import Study
from reports.study.summary import widest
from reports.writing.numbers import PERCENT, UNKNOWN, counted, gap_percent, interval_name
from reports.writing.table import row_anchor

_TIERS = {
    "hindsight": "With the whole trace known",
    "online-model-based": "Online, with the scenario known",
    "online-model-free": "Online, from experience alone",
}
_INTERVAL = interval_name(CONFIDENCE)
_NAMED_FAMILIES = 4
"""A sentence names so many families; the table has all."""


def story(study: Study, leads: Sequence[Lead], headlines: Sequence[Sentence]) -> list[Sentence]:
    """The sentences; each claim leads to the row that backs it, the headlines' to rows of their chapters."""
    anchored = [(lead, row_anchor(NAME, place)) for place, lead in enumerate(leads)]
    sentences = list(_stake(study))
    for tier in TIERS:
        of_tier = [(lead, anchor) for lead, anchor in anchored if lead.tier == tier]
        if of_tier:
            sentences.append(_who_leads(tier, of_tier))
    sentences += headlines
    if not leads:
        sentences.append((Part("No two solvers of one tier answered every cell of a family, so nobody leads."),))
    return sentences


def _stake(study: Study) -> Iterator[Sentence]:
    """What the cloud alone costs, from the row of the solver that is the cloud alone."""
    rows = widest(study.summary).reset_index(drop=True)
    cloud = rows[(rows["solver"] == "none") & rows["complete"]]
    if len(cloud) != 1:
        return
    place, row = next(cloud.iterrows())
    certified = sum(reference.certified for reference in study.references.values())
    excess = gap_percent(row["gap_low"])
    if certified == len(study.references):
        known, gain = "the optimum", "this is what there is to gain"
    else:
        known = "the best known costs"
        gain = "no solver gained anything" if excess == "0" else "so much was gained; the optima may lie lower"
    proof = f"certified on {certified} of {counted(len(study.references), 'instance')}"
    yield (
        Part("Without an edge server the cost is on average "),
        Part(f"{excess}{PERCENT} above {known}", row_anchor("solvers", int(str(place)))),
        Part(f" ({proof}): {gain}."),
    )


def _who_leads(tier: str, leads: Sequence[tuple[Lead, str]]) -> Sentence:
    parts = [Part(f"{_TIERS[tier]}: ")]
    for place, (lead, anchor) in enumerate(leads[:_NAMED_FAMILIES]):
        parts.append(Part(f"on\u00a0{lead.family}", anchor))
        parts.append(Part(f" {_claim(lead, 'interval' if place else _INTERVAL)}; "))
    others = len(leads) - _NAMED_FAMILIES
    rest = f"; {counted(others, 'more family', 'more families')} in the table." if others > 0 else "."
    return (*parts[:-1], Part(parts[-1].text.removesuffix("; ") + rest))


def _claim(lead: Lead, interval: str) -> str:
    names = " and ".join(f"“{label}”" for label in lead.leaders)
    first = f"{names} {_reached(lead)}"
    if not lead.following:
        return first
    by = lead_text(lead.measure, lead.ahead.mean)
    after = f"“{lead.following}” takes {by} as long" if lead.measure == "time" else f"“{lead.following}” is {by} behind"
    if not lead.judged:
        return f"{first}, {after}, and with one trace a scenario nobody can say how sure that is"
    doubt = "" if lead.sure else ": too few instances to be sure"
    return f"{first}, {after} ({interval} {interval_text(lead.measure, lead.ahead)}{doubt})"


def _reached(lead: Lead) -> str:
    several = len(lead.leaders) > 1
    value = value_text(lead.measure, lead.low, lead.high)
    if lead.measure == "time":
        return f"{'prove' if several else 'proves'} every optimum fastest, in {value}"
    if value == UNKNOWN:
        return f"{'have' if several else 'has'} the least cost; how far from the optimum is unknown"
    return f"are level at a gap of {value}" if several else f"comes closest, with a gap of {value}"
