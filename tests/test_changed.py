"""``make quick`` finds the tests of what changed."""

from __future__ import annotations

import pytest

from tests.places import ROOT
from tests.scripts.changed import ALWAYS, changed, counterpart


@pytest.mark.parametrize(
    ("file", "test"),
    [
        ("problems/judge.py", "tests/problems/test_judge.py"),
        ("t2bench/__init__.py", "tests/t2bench/test_init.py"),
        ("tests/problems/test_judge.py", "tests/problems/test_judge.py"),
        ("problems/no_such_file.py", None),
        ("tests/speed/test_judge_speed.py", None),
        ("tests/test_docs.py", None),
        ("docs/index.md", None),
        ("README.md", None),
    ],
)
def test_a_file_leads_to_the_test_of_its_path(file: str, test: str | None) -> None:
    assert counterpart(file) == test


def test_fast_tests_that_are_always_run_are_there() -> None:
    assert [name for name in ALWAYS if not (ROOT / name).is_file()] == []


def test_a_revision_that_is_not_there_is_none() -> None:
    assert changed("no-such-revision") == changed("HEAD")
