"""The measurement of small diffusion models; its tests are skipped where the extra ``calibrate`` is not installed."""

from __future__ import annotations

import pytest

for library in ("torch", "diffusers", "sklearn"):
    pytest.importorskip(library, reason="needs the extra calibrate")
