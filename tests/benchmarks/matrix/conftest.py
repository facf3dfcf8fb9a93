"""What the tests of matrices share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.benchmarks.runs import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a matrix that is right except for the given fields."""

    def write(**fields: Any) -> Path:
        document = {
            "format": "t2bench-matrix",
            "version": 1,
            "name": "trial",
            "solvers": ["none+equal", "random+equal"],
            "families": ["tiny"],
        }
        document |= fields
        path = tmp_path / "trial.yaml"
        path.write_text(yaml.safe_dump({key: value for key, value in document.items() if value != "absent"}))
        return path

    return write
