"""The learners as solvers: each timescale alone, and T2DRL, which is both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from problems.episode import FrameView, Slots
from problems.instance import Instance
from problems.solution import Solution
from problems.status import Tier
from solvers.base import AllocationStrategy, Budget, Capabilities, OnlineCaching, Report, Solver
from solvers.extras import require
from solvers.two_timescale import TwoTimescale
from solvers.untrained import UntrainedAllocation, UntrainedCaching
from t2drl.settings import Algorithm
from t2drl.strategies.allocation_learner import TRAIN_STEPS, AllocationLearner
from t2drl.strategies.source import Configuration, Source, check_settings

if TYPE_CHECKING:
    from t2drl.agent import LearntAllocation, LearntCaching
    from t2drl.checkpoints.checkpoint import Checkpoint

require("learn")

IMPORTS = ("torch", "t2drl.checkpoints.cache")
"""What a solve needs besides; imported when it comes to that, since listing solvers should not take seconds."""
BEST_OF = 16


@dataclass(frozen=True)
class Ddqn(UntrainedCaching):
    """The cache by a double DQN over the feasible caches, trained with an allocator on the scenario's own traces.

    It is handed no demand probabilities: it learns from rewards on sampled traces, in two nested loops with an
    allocator, D3PG by default. Without ``checkpoint`` it trains when it is first asked about a scenario, within six
    tenths of a time limit, and keeps the agent. Raises Unsuitable for more than 20 models or 20,000 feasible caches.
    """

    imports: ClassVar[tuple[str, ...]] = IMPORTS

    checkpoint: str | None = None
    """A file by ``t2bench train``; by default an agent is trained."""
    train_steps: int = TRAIN_STEPS
    """The length of the training: slots that 64 traces at once play."""
    configuration: Configuration = "fast"
    """``fast`` or ``paper``."""
    seed: int = 0
    """Added to the seed of the run; at least 0."""
    chain: int | None = None
    """Steps of the diffusion actor's chain; by default the configuration's."""
    algorithm: Algorithm = "d3pg"
    """The allocator that it is trained with: ``d3pg`` or ``ddpg``; in a pair with one of these, that one."""

    def __post_init__(self) -> None:
        check_settings(self.train_steps, self.seed, self.chain)

    def paired_with(self, allocation: AllocationStrategy | UntrainedAllocation) -> Self:
        """The strategy that is trained with this allocator: where their settings agree one agent is both."""
        return replace(self, algorithm=allocation.algorithm) if isinstance(allocation, _Actor) else self

    def seeded(self, seed: int) -> Self:
        """The strategy for one run's seed."""
        return replace(self, seed=self.seed + seed)

    @property
    def agent_key(self) -> Source:
        """Where the agent comes from."""
        return Source(
            self.checkpoint, self.train_steps, self.configuration, self.algorithm, self.seed, chain=self.chain
        )

    def train(self, instance: Instance, budget: Budget, report: Report) -> Checkpoint:
        """The agent. Raises Unsuitable."""
        return self.agent_key.agent(instance, budget, report)

    def trained(self, agent: Checkpoint, instance: Instance) -> OnlineCaching:
        """The agent's caching network as a strategy. Raises Unsuitable."""
        from t2drl.world.traces import scenario_of

        return TrainedCaching(agent.agent.caching(scenario_of(instance)))


@dataclass(frozen=True)
class TrainedCaching(OnlineCaching):
    """A caching network that was trained on the scenario's traces."""

    tier: ClassVar[Tier] = "online-model-free"

    policy: LearntCaching

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool: the cache that the network thinks best."""
        return self.policy.choose(frame)


@dataclass(frozen=True)
class _Actor(AllocationLearner):
    """What both allocators share."""

    imports: ClassVar[tuple[str, ...]] = IMPORTS
    algorithm: ClassVar[Algorithm]

    checkpoint: str | None = None
    """A file by ``t2bench train``; by default an agent is trained."""
    configuration: Configuration = "fast"
    """``fast`` or ``paper``."""

    @property
    def agent_key(self) -> Source:
        """Where the agent comes from."""
        return Source(self.checkpoint, self.train_steps, self.configuration, self.algorithm, self.seed)

    def train(self, instance: Instance, budget: Budget, report: Report) -> Checkpoint:
        """The agent. Raises Unsuitable."""
        return self.agent_key.agent(instance, budget, report)

    def trained(self, agent: Checkpoint) -> AllocationStrategy:
        """The agent's actor as a strategy."""
        return TrainedAllocation(agent.agent.allocation(self.seed, getattr(self, "samples", 1)))


@dataclass(frozen=True)
class TrainedAllocation(AllocationStrategy):
    """An actor that was trained on the scenario's traces."""

    policy: LearntAllocation

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and steps (B, N)."""
        return self.policy.allocate(slots)


@dataclass(frozen=True)
class D3pg(_Actor):
    """Bandwidth and steps by a diffusion actor that follows the gradient of a critic through its whole chain.

    Trained on rewards alone, under random feasible caches and then under those of a caching agent that
    is trained with it. Feasible always; no promise of quality. Trains like ``ddqn``, with which it shares an agent.
    """

    algorithm = "d3pg"

    samples: int = 1
    """Of so many draws of the chain the one that the critic thinks best; at least 1."""
    chain: int | None = None
    """Steps of the diffusion actor's chain; by default the configuration's."""

    def __post_init__(self) -> None:
        check_settings(self.train_steps, self.seed, self.chain)
        if self.samples < 1:
            raise ValueError(f"samples: {self.samples}; must be >= 1")

    @property
    def agent_key(self) -> Source:
        """Where the agent comes from."""
        return replace(super().agent_key, chain=self.chain)


@dataclass(frozen=True)
class Ddpg(_Actor):
    """Bandwidth and steps by a deterministic actor: the ablation of ``d3pg``, with everything else equal."""

    algorithm = "ddpg"


@dataclass(frozen=True)
class T2drl(Solver):
    """Both timescales by one agent: ``ddqn`` for the cache and ``d3pg`` for the slots, in the fast configuration.

    It learns from rewards on traces sampled from the scenario, which the trace to be solved is never one of.
    Without ``checkpoint`` it trains when it is first asked about a scenario, within six tenths of a
    time limit, and keeps the agent in ``$T2BENCH_CACHE`` (by default ~/.cache/t2bench).
    """

    capabilities = Capabilities("online-model-free", needs_training=True)
    imports: ClassVar[tuple[str, ...]] = IMPORTS
    configuration: ClassVar[Configuration] = "fast"
    samples: ClassVar[int] = 1

    checkpoint: str | None = None
    """A file by ``t2bench train``; by default an agent is trained."""
    train_steps: int = TRAIN_STEPS
    """The length of the training: slots that 64 traces at once play."""
    seed: int = 0
    """Added to the seed of the run; at least 0."""
    chain: int | None = None
    """Steps of the diffusion actor's chain; by default the configuration's."""

    def __post_init__(self) -> None:
        check_settings(self.train_steps, self.seed, self.chain)

    @property
    def halves(self) -> tuple[Ddqn, D3pg]:
        """The strategies that one agent is for both timescales."""
        names = ("checkpoint", "train_steps", "configuration", "seed", "chain")
        common = {name: getattr(self, name) for name in names}
        return Ddqn(**common), D3pg(**common, samples=self.samples)

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        """See :meth:`solvers.base.Solver.solve`."""
        caching, allocation = self.halves
        caching, allocation = caching.seeded(budget.seed), allocation.seeded(budget.seed)
        agent = allocation.train(instance, budget, report)
        pair = TwoTimescale(caching.trained(agent, instance), allocation.trained(agent))
        return pair.solve(instance, budget, report)


@dataclass(frozen=True)
class T2drlBestOf(T2drl):
    """``t2drl``, but of 16 allocations drawn from the diffusion chain the one that the critic thinks best.

    The same agent; slower decisions.
    """

    samples = BEST_OF


@dataclass(frozen=True)
class T2drlPaper(T2drl):
    """T2DRL in the paper's configuration, as far as that is public: flat networks, a DDPM chain of five steps.

    Weak on short trainings, and reported as it comes out.
    """

    configuration = "paper"
