"""Which cell is next, so that none waits idly for an agent that another cell is training."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from benchmarks.matrix.cell import Cell, canonical_json
from solvers.registry import needs_training


class Schedule:
    """Cells in their order, but of a scenario's learners that have not answered yet one at a time.

    Such a cell may train an agent that others then take from the cache, as ``ddqn+exact`` takes that of ``t2drl``.
    """

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._waiting = deque(cells)
        self._learners = {name for name in {cell.solver for cell in self._waiting} if needs_training(name)}
        self._training: dict[str, str] = {}
        """By scenario and seed: the cell that may be training."""
        self._trained: set[str] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def next(self) -> Cell | None:
        """The next cell that may start; None where all that are left would wait for a training, or none is left."""
        for place, cell in enumerate(self._waiting):
            trained = cell.solver not in self._learners or _agent(cell) in self._trained
            if trained or _scenario(cell) not in self._training:
                del self._waiting[place]
                if not trained:
                    self._training[_scenario(cell)] = cell.cell_id
                return cell
        return None

    def ended(self, cell: Cell) -> None:
        """Say that a cell has ended, however: its agent is there, or will not be for others either."""
        if cell.solver in self._learners:
            self._trained.add(_agent(cell))
            if self._training.get(_scenario(cell)) == cell.cell_id:
                del self._training[_scenario(cell)]


def _scenario(cell: Cell) -> str:
    return canonical_json([cell.recipe.source, cell.recipe.scenario.scenario_seed, cell.seed])


def _agent(cell: Cell) -> str:
    limits = (cell.time_limit_s, cell.memory_limit_gb)
    return canonical_json([_scenario(cell), cell.solver, cell.settings, *limits])
