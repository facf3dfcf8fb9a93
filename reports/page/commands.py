"""The commands of cells as templates: most differ in the instance's name and the seeds alone."""

from __future__ import annotations

NAME, SEEDS, SEED = "\x01", "\x02", "\x03"
"""Stand in a template for the instance's name, its ``--scenario-seed`` with ``--trace-seed``, and the cell's seed."""


def template(command: str, name: str, scenario_seed: int | None, trace_seed: int | None, seed: int) -> str:
    """The command with placeholders, which the page's scripts fill again (``cells.js``)."""
    short = command.replace(name, NAME).replace(f"--seed {seed} ", f"--seed {SEED} ")
    return short.replace(f"--scenario-seed {scenario_seed} --trace-seed {trace_seed}", SEEDS)
