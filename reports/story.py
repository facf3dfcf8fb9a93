"""The story in words: what there is to gain, and who leads where, by how much and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from reports.frame import Study
from reports.leaders import TIERS, Lead, leads_of
from reports.leaders_table import NAME, interval_text, lead_text, leaders_table, value_text
from reports.numbers import PERCENT, counted, percent_interval
from reports.summary import widest
from reports.table import Table, row_anchor
from reports.two_way_bootstrap import CONFIDENCE

_TIERS = {
    "hindsight": "With the whole trace known",
    "online-model-based": "Online, with the scenario known",
    "online-model-free": "Online, from experience alone",
}
_INTERVAL = f"{100 * CONFIDENCE:g}{PERCENT} interval"
_NAMED_FAMILIES = 4
"""A sentence names so many families; the table has all."""


@dataclass(frozen=True)
class Part:
    """Some words of a sentence."""

    text: str
    anchor: str = ""
    """The place on the page of the row that backs them, if they are a link."""


Sentence = tuple[Part, ...]


@dataclass(frozen=True)
class Story:
    """Sentences, and the table whose rows back them."""

    sentences: list[Sentence]
    leaders: Table


def story_of(study: Study, summary: pd.DataFrame) -> Story:
    """The story; nothing is said that no row backs."""
    leads = leads_of(study, summary)
    anchored = [(lead, row_anchor(NAME, place)) for place, lead in enumerate(leads)]
    said = list(_stake(study, summary))
    for tier in TIERS:
        of_tier = [(lead, anchor) for lead, anchor in anchored if lead.tier == tier]
        if of_tier:
            said.append(_who_leads(tier, of_tier))
    if not leads:
        said.append((Part("No two solvers of one tier answered every cell of a family, so nobody leads."),))
    return Story(said, leaders_table(leads))


def _stake(study: Study, summary: pd.DataFrame) -> Iterator[Sentence]:
    """What the cloud alone costs, from the row of the solver that is the cloud alone."""
    rows = widest(summary).reset_index(drop=True)
    cloud = rows[(rows["solver"] == "none") & rows["complete"]]
    if len(cloud) != 1:
        return
    place, row = next(cloud.iterrows())
    certified = sum(reference.certified for reference in study.references.values())
    excess = f"{percent_interval(row['gap_low'], row['gap_high'])}{PERCENT}"
    known = "the optimum" if certified == len(study.references) else "the best known costs"
    proof = f"certified on {certified} of {counted(len(study.references), 'instance')}"
    yield (
        Part("Without an edge server the cost is on average "),
        Part(f"{excess} above {known}", row_anchor("solvers", int(str(place)))),
        Part(f" ({proof}): this is what there is to gain."),
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
    value = value_text(lead.measure, lead.low, lead.high)
    first = f"{names} {_verb(lead)} {value}"
    if not lead.following:
        return first
    by = lead_text(lead.measure, lead.ahead.mean)
    after = f"“{lead.following}” takes {by} as long" if lead.measure == "time" else f"“{lead.following}” is {by} behind"
    if not lead.judged:
        return f"{first}, {after}, and with one trace a scenario nobody can say how sure that is"
    doubt = "" if lead.sure else ": too few instances to be sure"
    return f"{first}, {after} ({interval} {interval_text(lead.measure, lead.ahead)}{doubt})"


def _verb(lead: Lead) -> str:
    several = len(lead.leaders) > 1
    if lead.measure == "time":
        return "prove every optimum fastest, in" if several else "proves every optimum fastest, in"
    return "are level at a gap of" if several else "comes closest, with a gap of"
