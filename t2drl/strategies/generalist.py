"""The generalist: one agent for all scenarios of a family, trained on others than the one it answers for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from problems.status import Tier
from solvers.base import Capabilities
from solvers.two_timescale import TwoTimescale
from t2drl.strategies.source import GeneralSource, Source
from t2drl.strategies.specialist import D3pg, Ddqn, T2drl

TRAIN_STEPS = 6_000
SPREAD = 64


@dataclass(frozen=True)
class GeneralistCaching(Ddqn):
    """The cache by a double DQN that is told the demand, and trained on many scenarios of the family."""

    tier: ClassVar[Tier] = "online-model-based"

    train_steps: int = TRAIN_STEPS
    spread: int = SPREAD

    @property
    def source(self) -> Source:
        """Where the agent comes from."""
        return _source(self)


@dataclass(frozen=True)
class GeneralistAllocation(D3pg):
    """Bandwidth and steps by the same agent's diffusion actor."""

    train_steps: int = TRAIN_STEPS
    spread: int = SPREAD

    @property
    def source(self) -> Source:
        """Where the agent comes from."""
        return _source(self)


def _source(half: GeneralistCaching | GeneralistAllocation) -> GeneralSource:
    return GeneralSource(half.checkpoint, half.train_steps, "fast", "d3pg", half.seed, half.spread, chain=half.chain)


@dataclass(frozen=True)
class Generalist(T2drl):
    """``t2drl`` by one agent for a whole family, whose every scenario is new to it.

    Its networks are shared by users and by models, whose number and order are free. In place of what a specialist
    learns of its scenario it is told the demand's probabilities. Without ``checkpoint`` it trains on ``spread``
    scenarios of the instance's family when it is first asked about the family, and keeps the agent like ``t2drl``.
    Raises Unsuitable for an instance of no named family, and for a scenario that it was trained on.
    """

    train_steps: int = TRAIN_STEPS
    """The length of the training: slots that 64 traces at once play."""
    spread: int = SPREAD
    """Scenarios to train on; at least 1."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.spread < 1:
            raise ValueError(f"spread: {self.spread}; must be >= 1")

    @property
    def capabilities(self) -> Capabilities:
        """A heuristic that is told the demand."""
        return Capabilities("online-model-based", needs_training=True)

    @property
    def pair(self) -> TwoTimescale:
        """The two halves of the agent."""
        told = {name: getattr(self, name) for name in ("checkpoint", "train_steps", "seed", "spread", "chain")}
        return TwoTimescale(GeneralistCaching(**told), GeneralistAllocation(**told))
