"""What the length of the diffusion actor's chain is worth: agents that differ in it alone, on the same instances."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from reports.chapters.sweeps.measure import with_excess
from reports.statistics.two_way_bootstrap import CONFIDENCE, estimate
from reports.study.cells import present
from reports.study.seed_blocks import blocks_by, difference, side
from reports.study.study import Study
from reports.writing.numbers import PERCENT, between, counted, fixed, interval_name
from reports.writing.table import Column, Table

LEAST_LENGTHS = 3
_CHAIN = "chain"
_INTERVAL = interval_name(CONFIDENCE)
_COLUMNS = (
    *("family", "solver", "chain", "label", "seeds", "instances", "excess", "low", "high"),
    *("less_than_shortest", "difference_low", "difference_high", "side", "training_cpu_s"),
)


def chain_tables(study: Study) -> list[Table]:
    """A table for every family and solver with at least ``LEAST_LENGTHS`` lengths, all other settings equal."""
    cells = study.cells[study.cells["solved"]]
    texts = cells["settings"].map(present)
    settings = {text: json.loads(text or "{}") for text in texts.unique()}
    others = {
        text: json.dumps({k: v for k, v in one.items() if k != _CHAIN}, sort_keys=True)
        for text, one in settings.items()
    }
    cells = with_excess(cells).assign(
        chain=texts.map({text: one.get(_CHAIN, 0) for text, one in settings.items()}),
        others=texts.map(others),
    )
    cells = cells[cells["chain"] > 0]
    tables = []
    for (family, solver, _), group in cells.groupby(["family", "solver", "others"], sort=False):
        if group["chain"].nunique() >= LEAST_LENGTHS:
            rows = _rows(str(family), str(solver), group)
            if len(rows) >= LEAST_LENGTHS:
                tables.append(_table(rows))
    return tables


def _rows(family: str, solver: str, cells: pd.DataFrame) -> pd.DataFrame:
    found: list[list[Any]] = []
    shortest = None
    by_length = blocks_by(cells, "chain", "excess")
    for chain, group in cells.groupby("chain", sort=True):
        blocks = by_length[chain]
        if not blocks:
            continue
        shortest = shortest or blocks
        mean = estimate([block.values for block in blocks.values()])
        more = None if blocks is shortest else difference(blocks, shortest)
        compared = (math.nan, math.nan, math.nan, 0) if more is None else (more.mean, more.low, more.high, side(more))
        seeds, instances = (sum(block.values.shape[axis] for block in blocks.values()) for axis in (0, 1))
        agents = group.drop_duplicates("agent_sha256")
        head = [family, solver, int(str(chain)), str(group["label"].iloc[0]), seeds, instances]
        cost_s = float(agents["training_cpu_s"].mean())
        found.append([*head, mean.mean, mean.low, mean.high, *compared, cost_s])
    return pd.DataFrame(found, columns=list(_COLUMNS))


def _table(rows: pd.DataFrame) -> Table:
    columns = (
        Column("steps of the chain", lambda r: str(r.chain), "number"),
        Column("agents", lambda r: str(r.seeds), "number"),
        Column("instances", lambda r: str(r.instances), "number"),
        Column("mean excess, %", lambda r: fixed(r.excess, 3), "number"),
        Column(_INTERVAL, lambda r: _between(r.low, r.high), "number"),
        Column("less the shortest chain's, points", lambda r: fixed(r.less_than_shortest, 3), "number"),
        Column(f"its {_INTERVAL}", lambda r: _between(r.difference_low, r.difference_high), "number"),
        Column("training, CPU s", lambda r: fixed(r.training_cpu_s, 1), "number"),
    )
    first = rows.iloc[0]
    caption = (
        f"Excess of “{first.solver}” over the certified optimum on {first.family}, by the number of steps of its "
        "diffusion actor's chain, all other settings equal; up to "
        f"{counted(int(rows['instances'].max()), 'instance')}. Training: mean CPU time of an agent."
    )
    return Table("chain-length", f"{first.family}: length of the diffusion chain", caption, rows, columns)


def chain_findings(tables: Sequence[Table]) -> list[str]:
    """Which length is the best, and which can be told apart from the shortest."""
    return [_finding(list(table.data.itertuples(index=False))) for table in tables]


def _finding(rows: Sequence[Any]) -> str:
    first, best = rows[0], min(rows, key=lambda row: row.excess)
    text = (
        f"{first.family}: of “{first.solver}” a chain of {counted(best.chain, 'step')} has the least excess over the "
        f"optimum, {fixed(best.excess, 2)}{PERCENT} ({_INTERVAL} {_between(best.low, best.high, 2)})"
    )
    verdicts = {-1: "ahead of it", 0: "not told apart", 1: "behind it"}
    others = ", ".join(f"{row.chain} {verdicts[row.side]}" for row in rows[1:])
    return f"{text}. Beside a chain of {counted(first.chain, 'step')}: {others}."


def _between(low: float, high: float, digits: int = 3) -> str:
    return between(low, high, lambda end: fixed(end, digits))
