"""What a scenario needs and a request log does not hold."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from problems.families import USER_DOWNLINK_MHZ, USER_STEPS, USER_UPLINK_MHZ


def _named(value: float, unit: str, purpose: str) -> Any:
    return field(default=value, metadata={"unit": unit, "purpose": purpose})


@dataclass(frozen=True)
class Assumptions:
    """Named values; :meth:`lines` says what each is for, and goes with every scenario that rests on them."""

    mean_size_gb: float = _named(6.0, "GB", "size_gb of a model whose generation takes as long as on the mean model")
    least_size_gb: float = _named(2.0, "GB", "size_gb is in proportion to the generation time, but at least this")
    greatest_size_gb: float = _named(10.0, "GB", "and at most this")
    cache_share: float = _named(1 / 3, "", "cache_gb, of the total size of the models that have a name")
    warm_quantile: float = _named(
        0.1, "", "generation time at the edge, of a model's service times: none queued or loaded"
    )
    setup_share: float = _named(0.1, "", "setup_s, of the generation time; steps_high steps take the rest")
    lowest_steps: float = _named(10.0, "steps", "steps_low")
    tv_worst: float = _named(125.0, "TV", "tv_worst")
    tv_best: float = _named(35.0, "TV", "tv_best")
    user_steps: float = _named(
        USER_STEPS, "steps", "step_budget, for each user active in a mean slot, quiet hours apart"
    )
    user_uplink_mhz: float = _named(USER_UPLINK_MHZ, "MHz", "uplink_mhz, for each of them")
    user_downlink_mhz: float = _named(USER_DOWNLINK_MHZ, "MHz", "downlink_mhz, for each of them")
    delayed: float = _named(1.0, "requests", "load_cost_per_gb: whom loading a model of mean size delays, by its time")
    text_mb: float = _named(0.01, "MB", "input_mb of a text")
    image_mb: float = _named(1.5, "MB", "input_mb and output_mb of an image")
    most_images: float = _named(8, "", "output_mb: images of a request, at most")

    def lines(self) -> list[str]:
        """Name, value, unit and purpose of each."""
        return [
            f"{entry.name} {getattr(self, entry.name):.3g} {entry.metadata['unit']}".strip()
            + f": {entry.metadata['purpose']}"
            for entry in fields(self)
        ]
