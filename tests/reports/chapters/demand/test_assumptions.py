"""What fitted families rest on."""

from __future__ import annotations

import pytest

from problems.families.fitted import shipped_scenario, shipped_text
from reports.chapters.demand.assumptions import assumptions_table


@pytest.mark.parametrize("family", ["measured", "production"])
def test_the_assumptions_are_those_that_the_shipped_scenario_states(family: str) -> None:
    text = shipped_text(shipped_scenario(family, None))
    assert text is not None
    table = assumptions_table([family])
    assert len(table.data) > 4
    assert all(f"# - {row.assumption} {row.value:.3g}" in text for row in table.data.itertuples())
