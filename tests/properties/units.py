"""Other units for the quantities of an instance."""

from __future__ import annotations

import copy
from typing import Any

UNITS = {
    "kHz, kilobytes and kbit/s": (
        dict.fromkeys(("uplink_mhz", "downlink_mhz", "input_mb", "output_mb", "backhaul_mbps"), 1000.0)
        | {"noise_w_per_mhz": 1 / 1000},
        1.0,
    ),
    "MB of storage": ({"size_gb": 1000.0, "cache_gb": 1000.0, "load_cost_per_gb": 1 / 1000}, 1.0),
    "milliwatts": (dict.fromkeys(("user_power_w", "bs_power_w", "noise_w_per_mhz"), 1000.0), 1.0),
    "TV in per cent": ({"tv_worst": 100.0, "tv_best": 100.0, "tv_to_s": 1 / 100}, 1.0),
    "gains over a thousandth of the power": ({"gain": 1e-3, "user_power_w": 1e3, "bs_power_w": 1e3}, 1.0),
    "milliseconds": (
        dict.fromkeys(("step_s", "setup_s", "cloud_s", "deadline_s", "tv_to_s", "load_cost_per_gb"), 1000.0)
        | dict.fromkeys(("uplink_mhz", "downlink_mhz", "backhaul_mbps", "user_power_w", "bs_power_w"), 1 / 1000),
        1000.0,
    ),
}
"""For every system of units what each field is multiplied by, and what the cost is then multiplied by."""


def scaled(document: dict[str, Any], factors: dict[str, float]) -> dict[str, Any]:
    """The document with every field of a name multiplied, wherever it stands."""

    def walk(value: Any, factor: float) -> Any:
        if isinstance(value, dict):
            return {key: walk(entry, factors.get(key, factor)) for key, entry in value.items()}
        if isinstance(value, list):
            return [walk(entry, factor) for entry in value]
        return value if factor == 1 or value is None else value * factor

    return {key: copy.deepcopy(value) if key == "demand" else walk(value, 1) for key, value in document.items()}
