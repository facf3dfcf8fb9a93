"""Which instances stand for all."""

from __future__ import annotations

import pytest

from reports.study import selection
from reports.study.selection import in_detail, in_turn
from reports.study.study import Study


def test_instances_come_in_turn_from_every_family(answered_study: Study) -> None:
    names = [answered_study.names[sha] for sha in in_turn(answered_study)]
    assert names == ["tiny-s0-t0", "small-s0-t0", "tiny-s1-t1", "small-s1-t1"]


@pytest.mark.parametrize(("most", "chosen"), [(8, 2), (11, 2), (1, 1), (16, 4)])
def test_as_many_whole_instances_as_there_is_room_for(
    most: int, chosen: int, answered_study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "MOST_CELLS", most)
    assert in_detail(answered_study) == in_turn(answered_study)[:chosen]
