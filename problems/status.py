"""The words for how an answer ended."""

from __future__ import annotations

from typing import Literal

Status = Literal["optimal", "feasible", "infeasible", "timeout", "memory", "error"]
"""What a solution may claim (file format version 1)."""

Tier = Literal["hindsight", "online-model-based", "online-model-free"]
"""Who knows what: docs/problem.md, section 4."""
