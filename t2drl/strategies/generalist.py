"""The generalist: one agent for all scenarios of a family, trained on others than the one it answers for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from problems.instance import Instance
from problems.status import Tier
from solvers.base import Capabilities, OnlineCaching
from solvers.extras import require
from t2drl.strategies.source import GeneralSource
from t2drl.strategies.specialist import D3pg, Ddqn, T2drl, TrainedCaching

require("learn")

if TYPE_CHECKING:
    from t2drl.checkpoints.checkpoint import Checkpoint

TRAIN_STEPS = 6_000
SPREAD = 64


@dataclass(frozen=True)
class GeneralistCaching(Ddqn):
    """The cache by a double DQN that is told the demand, and trained on many scenarios of the family."""

    tier: ClassVar[Tier] = "online-model-based"

    train_steps: int = TRAIN_STEPS
    spread: int = SPREAD

    @property
    def agent_key(self) -> GeneralSource:
        """Where the agent comes from."""
        return _source(self)

    def trained(self, agent: Checkpoint, instance: Instance) -> OnlineCaching:
        """The agent's caching network as a strategy. Raises Unsuitable."""
        from t2drl.world.traces import scenario_of

        return TrainedGeneralistCaching(agent.agent.caching(scenario_of(instance)))


@dataclass(frozen=True)
class TrainedGeneralistCaching(TrainedCaching):
    """A caching network that observes the demand's probabilities, trained on other scenarios of the family."""

    tier: ClassVar[Tier] = "online-model-based"


@dataclass(frozen=True)
class GeneralistAllocation(D3pg):
    """Bandwidth and steps by the same agent's diffusion actor."""

    train_steps: int = TRAIN_STEPS
    spread: int = SPREAD

    @property
    def agent_key(self) -> GeneralSource:
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

    capabilities = Capabilities("online-model-based", needs_training=True)

    train_steps: int = TRAIN_STEPS
    """The length of the training: slots that 64 traces at once play."""
    spread: int = SPREAD
    """Scenarios to train on; at least 1."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.spread < 1:
            raise ValueError(f"spread: {self.spread}; must be >= 1")

    @property
    def halves(self) -> tuple[GeneralistCaching, GeneralistAllocation]:
        """The strategies that one agent is for both timescales."""
        common = {name: getattr(self, name) for name in ("checkpoint", "train_steps", "seed", "spread", "chain")}
        return GeneralistCaching(**common), GeneralistAllocation(**common)
