"""Which instances a page holds in detail when it cannot hold all."""

from __future__ import annotations

from itertools import zip_longest

from reports.study.study import Study

MOST_CELLS = 12_000
"""A page of more would weigh too much; tables/cells.csv holds every one."""


def in_detail(study: Study) -> list[str]:
    """The first whole instances, one of every family in turn, with at most ``MOST_CELLS`` cells; at least one."""
    sizes = study.cells["instance_sha256"].value_counts()
    chosen: list[str] = []
    total = 0
    for sha in in_turn(study):
        total += int(sizes[sha])
        if chosen and total > MOST_CELLS:
            break
        chosen.append(sha)
    return chosen


def in_turn(study: Study) -> list[str]:
    """All instances, one of every family in turn, so that any first part of them stands for every family."""
    by_family = [[sha for sha in study.references if study.family_of[sha] == family] for family in study.families]
    return [sha for turn in zip_longest(*by_family) for sha in turn if sha is not None]
