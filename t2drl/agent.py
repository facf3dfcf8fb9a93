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
from t2drl.algorithms.amender import RAW_ACTION, AmendedAction, amend
from t2drl.settings import Settings
from t2drl.world.caches import feasible_caches
from t2drl.world.frame_observation import ObservationSpec, view_observation
from t2drl.world.scale import Scale
from t2drl.world.slot_observation import observation, user_features
from t2drl.world.slots import SlotBatch

MOST_USERS = 1 << 16
"""Users times samples that are answered at once: bounds memory."""


@dataclass(frozen=True, eq=False)
class LearntAllocation:
    """Splits slots by the trained actor, or by the best of several of its samples in the critic's estimate."""

    settings: Settings
    users: int
    """N of the scenario it was trained on; set networks take any other."""
    actor: d3pg.Actor
    critic: d3pg.Critic
    scale: Scale
    """Of the users' features."""
    seed: int = 0
    """Of the noise from which a diffusion chain starts: the same in every slot, so that rows are independent."""
    samples: int = 1

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and steps (B, N), feasible. Raises Unsuitable for another N than a flat network's."""
        count, users = slots.request.shape
        if self.settings.networks == "flat" and users != self.users:
            raise Unsuitable(f"its flat networks take {self.users} users; the instance has {users}")
        bandwidth, steps = np.zeros((count, users)), np.zeros((count, users), dtype=np.int64)
        noises = self._noises(users)
        rows = max(1, MOST_USERS // (users * self.samples))
        for start in range(0, count, rows):
            part = slice(start, start + rows)
            with torch.no_grad():
                best = self._best(SlotBatch.of(slots.take(part)), noises)
            bandwidth[part], steps[part] = (tensor.numpy() for tensor in best)
        return bandwidth, steps

    def _noises(self, users: int) -> Tensor:
        """(samples, max(1, chain), N, 5): what every sample of the chain starts from."""
        shape = (self.samples, max(1, self.actor.chain), users, RAW_ACTION)
        return torch.randn(shape, generator=torch.Generator().manual_seed(self.seed))

    def _best(self, slots: SlotBatch, noises: Tensor) -> tuple[Tensor, Tensor]:
        """Bandwidth (B, N) and steps (B, N) of the sample that the critic values most, the first of equals."""
        observed = observation(self.scale.apply(user_features(slots)), slots)
        sampled = [self._sample(slots, observed, noise) for noise in noises]
        action = sampled[0]
        bandwidth, steps = action.bandwidth, action.steps
        if len(sampled) > 1:
            value = self._value(slots, observed, action)
            for other in sampled[1:]:
                other_value = self._value(slots, observed, other)
                better = other_value > value
                value = torch.where(better, other_value, value)
                bandwidth = torch.where(better[:, None], other.bandwidth, bandwidth)
                steps = torch.where(better[:, None], other.steps, steps)
        return bandwidth, steps.round().long()

    def _sample(self, slots: SlotBatch, observed: Tensor, noise: Tensor) -> AmendedAction:
        """The allocation that the actor makes of one sample's noise (max(1, chain), N, 5)."""
        raw = self.actor(observed, slots.active, noise[:, None].expand(-1, len(slots), -1, -1))
        return amend(raw.double(), slots)

    def _value(self, slots: SlotBatch, observed: Tensor, action: AmendedAction) -> Tensor:
        """(B,): the critic's estimate."""
        return self.critic(observed, slots.active, d3pg.action_features(action, slots).float())


@dataclass(frozen=True, eq=False)
class LearntCaching:
    """Chooses the cache of the greatest Q."""

    network: ddqn.SetQNetwork | ddqn.FlatQNetwork
    caches: np.ndarray
    """(F, M) bool: the feasible ones."""
    spec: ObservationSpec
    scale: Scale
    """Of the catalogue."""

    @property
    def tier(self) -> Tier:
        """``online-model-based`` where it observes the demand."""
        return "online-model-based" if self.spec.demand else "online-model-free"

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool."""
        observed = view_observation(frame, self.spec, self.scale)
        with torch.no_grad():
            q = self.network(observed, torch.from_numpy(self.caches).float())[0]
        chosen: np.ndarray = self.caches[int(q.argmax())].copy()
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
        actor.load_state_dict(part(self.tensors, "actor"))
        critic.load_state_dict(part(self.tensors, "critic"))
        return LearntAllocation(self.settings, users, actor, critic, self._scale("users"), seed, samples)

    def caching(self, scenario: Scenario) -> LearntCaching:
        """The policy of the long timescale, for a scenario.

        Raises Unsuitable where the agent was trained on another number of states, or on another catalogue and its
        networks are flat.
        """
        spec = ObservationSpec.of(scenario, self.settings)
        if spec != ObservationSpec.of(self.scenarios[0], self.settings):
            raise Unsuitable("the agent was trained on another number of popularity states")
        caches = feasible_caches(scenario)
        network = ddqn.make_network(self.settings, spec.empty(len(scenario.models)), len(caches))
        try:
            network.load_state_dict(part(self.tensors, "cacher"))
        except RuntimeError:
            raise Unsuitable("its flat networks were trained on another catalogue") from None
        return LearntCaching(network, caches, spec, self._scale("catalogue"))

    def _scale(self, name: str) -> Scale:
        return Scale(self.tensors[f"{name}.mean"], self.tensors[f"{name}.deviation"])


def part(tensors: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    """The tensors named ``name.``, without that prefix."""
    prefix = f"{name}."
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
