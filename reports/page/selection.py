"""Which instances a page holds in detail when it cannot hold all."""

from __future__ import annotations

from itertools import zip_longest

from reports.study.study import Study


def in_turn(study: Study) -> list[str]:
    """All instances, one of every family in turn, so that any first part of them stands for every family."""
    by_family = [[sha for sha in study.references if study.family_of[sha] == family] for family in study.families]
    return [sha for turn in zip_longest(*by_family) for sha in turn if sha is not None]


def first_of(study: Study, most_cells: int) -> list[str]:
    """As many whole instances in turn as have at most so many cells together; at least one."""
    sizes = study.cells["instance_sha256"].value_counts()
    chosen: list[str] = []
    total = 0
    for sha in in_turn(study):
        total += int(sizes[sha])
        if chosen and total > most_cells:
            break
        chosen.append(sha)
    return chosen
