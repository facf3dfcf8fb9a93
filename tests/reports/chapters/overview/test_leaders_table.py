"""The table of leaders has a row a lead."""

from __future__ import annotations

import pandas as pd

from reports.chapters.overview.leaders import leads_of
from reports.chapters.overview.leaders_table import leaders_table
from reports.study.study import study_of
from tests.reports.cells import cell, study_from
from tests.reports.chapters.overview.tiers import rows_of_tiers


def test_leads_stand_in_the_order_of_tiers_with_value_lead_and_doubt() -> None:
    table = leaders_table(leads_of(study_of(pd.DataFrame(rows_of_tiers()))))
    assert list(table.data["tier"]) == ["hindsight", "online-model-based"]
    (hindsight, online) = table.rows()
    assert hindsight[2:6] == ["exact", "0.100\u00a0s", "slow", "3.00 times"]
    assert online[2] == "near"
    assert online[-2] == "close"


def test_without_a_lead_it_is_empty() -> None:
    rows = [cell("a", "i", 2.0), cell("b", "i", None, status="crash")]
    assert leaders_table(leads_of(study_from(rows))).data.empty
