"""All slots of the training traces, with what a learner needs of them worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from problems.equal_split import equal_split
from problems.scenario import Catalogue, Scenario
from t2drl.world.features import seen
from t2drl.world.slots import SlotBatch, request_costs, unserved_costs


@dataclass(frozen=True, eq=False)
class SlotPool:
    """P T K slots; the row of slot k in frame t of trace p is (p T + t) K + k."""

    catalogue: Catalogue
    slots: SlotBatch
    static: Tensor
    """(R, N, 11) standardised features."""
    unserved: Tensor
    """(R, N) double: costs with everybody in the cloud, from which savings are counted."""
    in_frame: int
    """K: slots of a frame."""

    @classmethod
    def of(cls, slots: SlotBatch, scenario: Scenario, features: Tensor) -> Self:
        """Of all slots of a scenario's traces, with the users' standardised features (R, N, 11)."""
        return cls(scenario.catalogue, slots, features, unserved_costs(slots), scenario.slots)

    def under(self, rows: Tensor, cache: Tensor) -> tuple[SlotBatch, Tensor]:
        """The slots of rows (B,), each under its own cache (B, M), and what networks see of them (B, N, 13)."""
        batch = self.slots.under(rows, cache)
        return batch, seen(self.static[rows], batch)

    def savings(self, rows: Tensor, batch: SlotBatch, bandwidth: Tensor, steps: Tensor) -> Tensor:
        """(B, N) double: what allocations save every request against the cloud in equal shares; 0 where idle."""
        costs = torch.where(batch.active, request_costs(batch, bandwidth, steps), 0.0)
        return self.unserved[rows] - costs

    def equal_savings(self, held: Tensor, generator: torch.Generator) -> Tensor:
        """(R',): what the equal split saves every request under random ones of the feasible caches ``held`` (F, M)."""
        rows = torch.arange(len(self.slots))
        batch = self.slots.under(rows, held[torch.randint(len(held), (len(rows),), generator=generator)])
        request = torch.where(batch.active, batch.request, -1).numpy()
        budget = batch.system.step_budget
        bandwidth, steps = equal_split(request, batch.cached.numpy(), self.catalogue, budget)
        saved = self.savings(rows, batch, torch.from_numpy(bandwidth), torch.from_numpy(steps))
        return saved[batch.active]
