"""A trained agent: two policies over the online protocol, of either timescale alone or of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from problems.episode import FrameView, Slots
from problems.scenario import Scenario
from problems.status import Tier
from solvers.base import Unsuitable
from t2drl.algorithms import d3pg, ddqn
from t2drl.algorithms.amender import ACTION, amend
from t2drl.settings import Settings
from t2drl.world.caches import feasible_caches
from t2drl.world.features import Scale, seen, user_features
from t2drl.world.frames import Sight, view_batch
from t2drl.world.slots import SlotBatch

CHUNK = 1 << 16
"""Users times samples looked at at once: bounds memory."""


@dataclass(frozen=True, eq=False)
class LearntAllocation:
    """Splits slots by the trained actor, or by the best of several of its samples as the critic sees them."""

    settings: Settings
    users: int
    """N of the scenario it was trained on; set networks take any other."""
    actor: d3pg.Actor
    critic: d3pg.Critic
    scale: Scale
    seed: int = 0
    """Of the noise from which a diffusion chain starts: the same in every slot, so that rows are independent."""
    samples: int = 1

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and steps (B, N), feasible. Raises Unsuitable for another N than a flat network's."""
        count, users = slots.request.shape
        if self.settings.networks == "flat" and users != self.users:
            raise Unsuitable(f"its flat networks take {self.users} users; the instance has {users}")
        bandwidth, steps = np.zeros((count, users)), np.zeros((count, users), dtype=np.int64)
        latent = self._latent(users)
        rows = max(1, CHUNK // (users * self.samples))
        for start in range(0, count, rows):
            part = slice(start, start + rows)
            with torch.no_grad():
                best_bandwidth, best_steps = self._best(SlotBatch.of(slots.take(part)), latent)
            bandwidth[part], steps[part] = best_bandwidth.numpy(), best_steps.numpy()
        return bandwidth, steps

    def _latent(self, users: int) -> Tensor:
        """(K, chain, N, A): the noise of each sample."""
        shape = (self.samples, max(1, self.actor.chain), users, ACTION)
        return torch.randn(shape, generator=torch.Generator().manual_seed(self.seed))

    def _best(self, slots: SlotBatch, latent: Tensor) -> tuple[Tensor, Tensor]:
        seen_users = seen(self.scale.apply(user_features(slots)), slots)
        best: tuple[Tensor, Tensor, Tensor] | None = None
        for noise in latent:
            raw = self.actor(seen_users, slots.active, noise[:, None].expand(-1, len(slots), -1, -1))
            amended = amend(raw.double(), slots)
            steps = amended.steps.round().long()
            if len(latent) == 1:
                return amended.bandwidth, steps
            worth = self.critic(seen_users, slots.active, d3pg.critic_view(amended, slots).float())
            if best is None:
                best = worth, amended.bandwidth, steps
            else:
                better = (worth > best[0])[:, None]
                best = (
                    torch.maximum(worth, best[0]),
                    torch.where(better, amended.bandwidth, best[1]),
                    torch.where(better, steps, best[2]),
                )
        assert best is not None
        return best[1], best[2]


@dataclass(frozen=True, eq=False)
class LearntCaching:
    """Chooses the cache of the greatest worth by the caching network."""

    network: ddqn.SetQ | ddqn.FlatQ
    held: np.ndarray
    """(F, M) bool: the feasible caches."""
    sight: Sight
    scale: Scale
    """Of the catalogue."""

    @property
    def tier(self) -> Tier:
        """Which must be told the demand, or not."""
        return "online-model-based" if self.sight.told else "online-model-free"

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool."""
        batch = view_batch(frame, self.sight, self.scale)
        with torch.no_grad():
            worth = self.network(batch, torch.from_numpy(self.held).float())[0]
        chosen: np.ndarray = self.held[int(worth.argmax())].copy()
        return chosen


@dataclass(frozen=True, eq=False)
class Agent:
    """What a training leaves behind."""

    settings: Settings
    scenarios: tuple[Scenario, ...]
    """Those it was trained on."""
    tensors: dict[str, Tensor]
    """Parameters by name: ``actor.``, ``critic.``, ``cacher.``, and the scales ``users.`` and ``catalogue.``."""

    def allocation(self, seed: int = 0, samples: int = 1) -> LearntAllocation:
        """The policy of the short timescale."""
        users = self.scenarios[0].users
        actor, critic = d3pg.make_actor(self.settings, users), d3pg.make_critic(self.settings, users)
        actor.load_state_dict(self._part("actor"))
        critic.load_state_dict(self._part("critic"))
        return LearntAllocation(self.settings, users, actor, critic, self._scale("users"), seed, samples)

    def caching(self, scenario: Scenario) -> LearntCaching:
        """The policy of the long timescale, for a scenario.

        Raises Unsuitable where the agent was trained on another number of states, or on another catalogue and its
        networks are flat.
        """
        sight = Sight.of(scenario, self.settings)
        if sight != Sight.of(self.scenarios[0], self.settings):
            raise Unsuitable("the agent was trained on another number of popularity states")
        held = feasible_caches(scenario)
        network = ddqn.make_network(self.settings, sight.shapes(len(scenario.models)), len(held))
        try:
            network.load_state_dict(self._part("cacher"))
        except RuntimeError:
            raise Unsuitable("its flat networks were trained on another catalogue") from None
        return LearntCaching(network, held, sight, self._scale("catalogue"))

    def _scale(self, name: str) -> Scale:
        return Scale(self.tensors[f"{name}.mean"], self.tensors[f"{name}.deviation"])

    def _part(self, name: str) -> dict[str, Tensor]:
        prefix = f"{name}."
        return {key.removeprefix(prefix): value for key, value in self.tensors.items() if key.startswith(prefix)}
