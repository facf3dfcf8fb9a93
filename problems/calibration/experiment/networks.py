"""The networks that are measured: U-Nets of three widths by ``diffusers``, and the noise that they take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from diffusers import DDIMScheduler, DDPMScheduler, UNet2DModel
from torch import nn

SIDE = 8
"""Pixels a side of a picture."""
DIGITS = 10
NOISE_LEVELS = 1000
_NOISE: dict[str, Any] = {
    "num_train_timesteps": NOISE_LEVELS,
    "beta_schedule": "squaredcos_cap_v2",
    "prediction_type": "v_prediction",
}
"""The cosine schedule leaves small pictures visible for longer; predicting v is stable at pure noise too."""


@dataclass(frozen=True)
class Variant:
    """A network and how it is trained."""

    name: str
    width: int
    """Channels at the full resolution; twice as many at half of it."""
    updates: int
    batch: int = 64
    peak_rate: float = 2e-3
    """The learning rate, reached after a tenth of the updates and lowered to 0 from there."""
    average: float = 0.995
    """Of the weights that are kept: how much of the running average stays at an update."""
    seed: int = 0


VARIANTS = (Variant("digits-8", 8, 1200), Variant("digits-16", 16, 1000), Variant("digits-24", 24, 800))


def network(width: int) -> nn.Module:
    """A U-Net with two resolutions that is told the digit; weights are drawn from torch's global generator."""
    return UNet2DModel(
        sample_size=SIDE,
        in_channels=1,
        out_channels=1,
        layers_per_block=1,
        block_out_channels=(width, 2 * width),
        down_block_types=("DownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "UpBlock2D"),
        norm_num_groups=8,
        attention_head_dim=8,
        num_class_embeds=DIGITS,
    )


def training_noise() -> Any:
    """The scheduler that adds noise in training."""
    return DDPMScheduler(**_NOISE)


def sampling_noise(steps: int) -> Any:
    """The deterministic sampler, its ``steps`` noise levels spread evenly from pure noise down."""
    scheduler = DDIMScheduler(**_NOISE, timestep_spacing="trailing")
    scheduler.set_timesteps(steps)
    return scheduler
