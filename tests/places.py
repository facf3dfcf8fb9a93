"""Where the tests find files of the repository."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
HOSTILE = ROOT / "tests" / "benchmarks" / "hostile.py"
"""Solvers that harm, lie or end in every way."""
BURNERS = HOSTILE.with_name("burners.py")
"""Solvers that use up processor time."""
EXAMINEES = HOSTILE.with_name("examinees.py")
"""Solvers that break one rule each."""
