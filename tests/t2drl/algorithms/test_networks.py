"""Set networks: users come in any number and order, and idle ones do not count."""

from __future__ import annotations

import torch
from torch import Tensor

from t2drl.algorithms.networks import ACTION_FEATURES, FlatActor, FlatCritic, SetActor, SetCritic

B, N, F, A = 3, 6, 7, 5


def drawn() -> tuple[Tensor, Tensor, Tensor]:
    """Users, who is active, and actions."""
    generator = torch.Generator().manual_seed(0)
    users = torch.randn((B, N, F), generator=generator)
    return users, torch.arange(N).expand(B, N) % 3 > 0, torch.randn((B, N, ACTION_FEATURES), generator=generator)


def test_the_order_of_users_is_no_matter() -> None:
    users, active, action = drawn()
    order = torch.randperm(N, generator=torch.Generator().manual_seed(1))
    actor, critic = SetActor(F, A, 8), SetCritic(F, 8)
    torch.testing.assert_close(actor(users[:, order], active[:, order]), actor(users, active)[:, order])
    turned = critic(users[:, order], active[:, order], action[:, order])
    torch.testing.assert_close(turned, critic(users, active, action))


def test_idle_users_do_not_count() -> None:
    users, active, action = drawn()
    others = torch.where(active[..., None], users, users + 1.0)
    moved = torch.where(active[..., None], action, action - 1.0)
    actor, critic = SetActor(F, A, 8), SetCritic(F, 8)
    torch.testing.assert_close(actor(others, active)[active], actor(users, active)[active])
    torch.testing.assert_close(critic(others, active, moved), critic(users, active, action))


def test_a_value_is_made_of_parts() -> None:
    users, active, action = drawn()
    by_user, whole = SetCritic(F, 8), FlatCritic(N, F, 8)
    parts = by_user.parts(users, action)
    assert parts.shape == (B, N)
    torch.testing.assert_close(by_user(users, active, action), (parts * active).sum(dim=1) / N)
    assert whole.parts(users, action).shape == (B, 1)
    torch.testing.assert_close(whole(users, active, action), whole.parts(users, action)[:, 0])
    assert FlatActor(N, F, A, 8)(users, active).shape == SetActor(F, A, 8)(users, active).shape == (B, N, A)
