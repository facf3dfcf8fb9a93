"""What a scenario needs and a request log does not hold."""

from __future__ import annotations

from dataclasses import dataclass

from problems import named_values
from problems.families.drawn import USER_DOWNLINK_MHZ, USER_STEPS, USER_UPLINK_MHZ
from problems.named_values import named


@dataclass(frozen=True)
class Assumptions:
    """Named values; :meth:`lines` says what each is for, and goes with every scenario that rests on them."""

    mean_size_gb: float = named(6.0, "GB", "size_gb of a model whose generation takes as long as on the mean model")
    least_size_gb: float = named(2.0, "GB", "size_gb is in proportion to the generation time, but at least this")
    greatest_size_gb: float = named(10.0, "GB", "and at most this")
    cache_share: float = named(1 / 3, "", "cache_gb, of the total size of the models that have a name")
    warm_quantile: float = named(
        0.1, "", "generation time at the edge, of a model's service times: none queued or loaded"
    )
    setup_share: float = named(0.1, "", "setup_s, of the generation time; steps_high steps take the rest")
    lowest_steps: float = named(10.0, "steps", "steps_low")
    tv_worst: float = named(125.0, "TV", "tv_worst")
    tv_best: float = named(35.0, "TV", "tv_best")
    user_steps: float = named(
        USER_STEPS, "steps", "step_budget, for each user active in a mean slot, quiet hours apart"
    )
    user_uplink_mhz: float = named(USER_UPLINK_MHZ, "MHz", "uplink_mhz, for each of them")
    user_downlink_mhz: float = named(USER_DOWNLINK_MHZ, "MHz", "downlink_mhz, for each of them")
    delayed: float = named(1.0, "requests", "load_cost_per_gb: whom loading a model of mean size delays, by its time")
    text_mb: float = named(0.01, "MB", "input_mb of a text")
    image_mb: float = named(1.5, "MB", "input_mb and output_mb of an image")
    most_images: float = named(8, "", "output_mb: images of a request, at most")

    def lines(self) -> list[str]:
        """Name, value, unit and purpose of each."""
        return named_values.lines(self)
