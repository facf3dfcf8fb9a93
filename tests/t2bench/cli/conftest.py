"""What the tests of verbs share."""

from __future__ import annotations

from tests.reports.conftest import cell

__all__ = ["cell"]
