"""Every change does to the optimum what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.conformance.cases import cases, certified_optimum
from benchmarks.conformance.changes import RELATIONS
from problems.instance import from_document


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_the_relations_are_true(relation: Any) -> None:
    for case in cases():
        if relation.needs_free_edge and case.instance.system.forced_edge:
            continue
        changed = relation.change(case.instance)
        assert from_document(json.loads(json.dumps(changed.document))).sha256 == changed.sha256
        before, after = certified_optimum(case.instance) * relation.factor, certified_optimum(changed)
        assert after <= before * (1 + 1e-9)
        assert relation.effect == "falls" or after >= before * (1 - 1e-9)
