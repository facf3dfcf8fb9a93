"""What the allocator observes of a slot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from t2drl.world.slot_observation import USER_OBSERVATION, observation, user_features
from t2drl.world.slots import SlotBatch
from tests.solvers.slot.slot_cases import random_slots


def test_idle_users_show_nothing_and_the_flags_come_last() -> None:
    _, slots, _ = random_slots(5)
    batch = SlotBatch.of(slots)
    shown = observation(user_features(batch).float(), batch)
    assert shown.shape == (*slots.request.shape, USER_OBSERVATION)
    assert not shown[~batch.active].any()
    assert torch.isfinite(shown).all()
    np.testing.assert_array_equal(shown[..., -2].numpy(), slots.active)
    np.testing.assert_array_equal(shown[..., -1].numpy(), slots.active & slots.cached)


def test_users_are_observed_in_any_order_and_the_cache_by_its_flag_alone() -> None:
    _, slots, _ = random_slots(6)
    batch = SlotBatch.of(slots)
    order = torch.randperm(slots.request.shape[1], generator=torch.Generator().manual_seed(0))
    names = ("request", "active", "gain", "input_mb", "output_mb", "cached")
    turned = replace(batch, **{name: getattr(batch, name)[:, order] for name in names})
    assert torch.equal(user_features(turned), user_features(batch)[:, order])
    assert torch.equal(user_features(replace(batch, cached=~batch.cached)), user_features(batch))
