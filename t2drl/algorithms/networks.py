"""The networks: sets of users or models, and plain layers for the paper's configuration."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

ACTION_FEATURES = 4
"""Numbers a user in an amended action as critics take it."""


def layers(widths: Sequence[int]) -> nn.Sequential:
    """Linear layers of these widths with ReLU between them."""
    modules: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        modules += [nn.Linear(inputs, outputs), nn.ReLU(inplace=True)]
    return nn.Sequential(*modules[:-1])


class SetActor(nn.Module):
    """One network for every user, beside the mean of all active users: any number of users, in any order."""

    def __init__(self, inputs: int, outputs: int, width: int) -> None:
        super().__init__()
        self.encode = layers([inputs, width, width])
        self.own = nn.Linear(width, width)
        self.others = nn.Linear(width, width)
        self.decode = layers([width, width, outputs])

    def forward(self, users: Tensor, active: Tensor) -> Tensor:
        """(B, N, outputs) from users (B, N, inputs); idle ones do not count."""
        hidden = torch.relu(self.encode(users))
        return self.decode(torch.relu(self.own(hidden) + self.others(pooled(hidden, active))))


class FlatActor(nn.Module):
    """Three fully connected hidden layers over the concatenated users."""

    def __init__(self, users: int, inputs: int, outputs: int, width: int) -> None:
        super().__init__()
        self.outputs = outputs
        self.body = layers([users * inputs, width, width, width, users * outputs])

    def forward(self, users: Tensor, active: Tensor) -> Tensor:
        """(B, N, outputs) from users (B, N, inputs)."""
        return self.body(users.flatten(1)).unflatten(1, (-1, self.outputs))


class SetCritic(nn.Module):
    """The sum over active users of a shared head, over N: costs add up over users once the action is given.

    A part of the head is linear in the action, with weights that depend on the user.
    """

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.head = layers([inputs + ACTION_FEATURES, width, width, 1])
        self.weigh = layers([inputs, width, ACTION_FEATURES])

    def forward(self, users: Tensor, active: Tensor, action: Tensor) -> Tensor:
        """(B,) values from users (B, N, inputs), who is active (B, N) and actions (B, N, 4)."""
        return (self.parts(users, action) * active).sum(dim=1) / active.shape[1]

    def parts(self, users: Tensor, action: Tensor) -> Tensor:
        """(B, N): every user's part of the slot's value, times N."""
        nonlinear = self.head(torch.cat([users, action], dim=-1))[..., 0]
        return nonlinear + (self.weigh(users) * action).sum(dim=-1)


class FlatCritic(nn.Module):
    """Three fully connected hidden layers over the concatenated users and actions."""

    def __init__(self, users: int, inputs: int, width: int) -> None:
        super().__init__()
        self.body = layers([users * (inputs + ACTION_FEATURES), width, width, width, 1])

    def forward(self, users: Tensor, active: Tensor, action: Tensor) -> Tensor:
        """(B,) values from users (B, N, inputs) and actions (B, N, 4)."""
        return self.parts(users, action)[:, 0]

    def parts(self, users: Tensor, action: Tensor) -> Tensor:
        """(B, 1): the value of the slot as a whole."""
        return self.body(torch.cat([users, action], dim=-1).flatten(1))


def pooled(hidden: Tensor, active: Tensor) -> Tensor:
    """(B, 1, H): the mean over active users of hidden (B, N, H)."""
    weight = active[..., None].to(hidden.dtype)
    return (hidden * weight).sum(dim=1, keepdim=True) / weight.sum(dim=1, keepdim=True).clamp(min=1.0)
