"""What a cache holds that takes models in turn, by plain lists of the file's requests."""

from __future__ import annotations

from tests.cases import Document


def past_slots(document: Document, frame: int) -> list[list[int]]:
    """The models asked for in every slot before a frame, the earliest first."""
    return [[m for m in slot if m >= 0] for past in document["trace"]["request"][:frame] for slot in past]


def filled(order: list[int], document: Document) -> set[int]:
    """The models in turn, those passed over that no longer fit."""
    room, held = document["system"]["cache_gb"], set()
    for m in order:
        size = document["models"][m]["size_gb"]
        if size <= room + 1e-9:
            held.add(m)
            room -= size
    return held
