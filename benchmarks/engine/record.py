"""Running cells into a store."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence

from benchmarks.engine.local import Engine
from benchmarks.matrix.cell import Cell
from benchmarks.store.row import Row
from benchmarks.store.store import Store


def recorded(engine: Engine, cells: Sequence[Cell], store: Store) -> Generator[Row]:
    """Run the cells; each row, once it is in the store, where it takes the place of one that its cell had before.

    Closing the iterator calls off what still runs; its cells have no row. Raises what :meth:`Engine.run` does.
    """
    held = store.finished()
    with contextlib.closing(engine.run(cells)) as rows:
        for row in rows:
            (store.replace if row.cell["cell_id"] in held else store.add)(row)
            yield row
