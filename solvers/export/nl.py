"""A programme as an AMPL NL file (Gay, Writing .nl files, 2005), with its names in ``.col`` and ``.row`` beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix

from problems.io.files import write_bytes
from solvers.programme.programme import Programme

PLUS, TIMES, DIVIDED_BY, MINUS, LOG = "o0", "o2", "o3", "o1", "o43"
FREE = np.inf


def write_nl(programme: Programme, path: Path, comments: Iterable[str]) -> None:
    """Write the text form, and the names of columns and rows in the order that the file has them."""
    text = "\n".join(_lines(programme, list(comments))) + "\n"
    write_bytes(path, text.encode())
    order = _column_order(programme)
    rows = [f"time{row}" for row in range(len(programme.air))] + [f"r{row}" for row in range(len(programme.limit))]
    write_bytes(path.with_suffix(".col"), "".join(f"{programme.names[i]}\n" for i in order).encode())
    write_bytes(path.with_suffix(".row"), "".join(f"{row}\n" for row in rows).encode())


def _column_order(programme: Programme) -> np.ndarray:
    """The columns as NL files want them: those of nonlinear terms, then continuous, binary and other whole ones."""
    kind = np.ones(len(programme.names), dtype=int)
    kind[programme.integer] = np.where(programme.upper[programme.integer] <= 1.0, 2, 3)
    kind[programme.air.share] = 0
    return np.argsort(kind, kind="stable")


def _lines(programme: Programme, comments: list[str]) -> Iterator[str]:
    air, columns = programme.air, len(programme.names)
    order = _column_order(programme)
    place = np.argsort(order)
    each = np.arange(len(air))
    # Rows are air times first: 0 >= time(b) - seconds; in the Jacobian b stands with 0.
    entries = (np.concatenate([0.0 * each, 0.0 * each - 1.0]), (np.tile(each, 2), np.r_[air.share, air.seconds]))
    linear = csr_matrix(entries, shape=(len(air), columns))
    jacobian = [linear.tocsr()[:, order], programme.matrix[:, order]]
    gradient = programme.cost[order]
    equal = np.concatenate([np.zeros(len(air), dtype=bool), programme.equal])
    limit = np.concatenate([np.zeros(len(air)), programme.limit])

    yield from _header(programme, equal, sum(part.nnz for part in jacobian), int((gradient != 0).sum()), comments)
    for row in range(len(air)):
        yield f"C{row}"
        yield from _air_time(place[air.share[row]], air.up[row], air.snr[row], air.down[row])
    for row in range(len(air), len(limit)):
        yield f"C{row}"
        yield "n0"
    yield "O0 0"
    yield _number(programme.constant)
    yield "r"
    for top, both in zip(limit.tolist(), equal.tolist(), strict=True):
        yield f"4 {top!r}" if both else f"1 {top!r}"
    yield "b"
    for low, top in zip(programme.lower[order].tolist(), programme.upper[order].tolist(), strict=True):
        yield f"2 {low!r}" if top == FREE else f"4 {low!r}" if low == top else f"0 {low!r} {top!r}"
    yield from _jacobian(jacobian, columns)
    yield f"G0 {int((gradient != 0).sum())}"
    for i in np.flatnonzero(gradient).tolist():
        yield f"{i} {float(gradient[i])!r}"


def _header(programme: Programme, equal: np.ndarray, nonzeros: int, costed: int, comments: list[str]) -> Iterator[str]:
    whole = programme.integer
    binary = int((whole & (programme.upper <= 1.0)).sum())
    nonlinear = len(programme.air)
    longest = max(map(len, programme.names))
    note = f"\t# {'; '.join(comments)}" if comments else ""
    yield f"g3 1 1 0{note}"
    yield f" {len(whole)} {len(equal)} 1 0 {int(equal.sum())}\t# vars, constraints, objectives, ranges, eqns"
    yield f" {nonlinear} 0\t# nonlinear constraints, objectives"
    yield " 0 0\t# network constraints: nonlinear, linear"
    yield f" {nonlinear} 0 0\t# nonlinear vars in constraints, objectives, both"
    yield " 0 0 0 1\t# linear network variables; functions; arith, flags"
    yield f" {binary} {int(whole.sum()) - binary} 0 0 0\t# discrete variables: binary, integer, nonlinear (b,c,o)"
    yield f" {nonzeros} {costed}\t# nonzeros in Jacobian, gradients"
    yield f" {len(str(len(equal))) + 4} {longest}\t# max name lengths: constraints, variables"
    yield " 0 0 0 0 0\t# common exprs: b,c,o,c1,o1"


def _air_time(share: int, up: float, snr: float, down: float) -> Iterator[str]:
    """``up / (b (log(b + snr) - log(b))) + down / b`` in Polish notation."""
    b = f"v{share}"
    yield from (PLUS, DIVIDED_BY, _number(up), TIMES, b)
    yield from (MINUS, LOG, PLUS, b, _number(snr), LOG, b)
    yield from (DIVIDED_BY, _number(down), b)


def _jacobian(parts: list[csr_matrix], columns: int) -> Iterator[str]:
    count = np.zeros(columns, dtype=int)
    for part in parts:
        count += np.diff(csc_matrix(part).indptr)
    yield f"k{columns - 1}"
    for total in np.cumsum(count)[:-1]:
        yield str(total)
    row = 0
    for part in parts:
        starts, places, values = part.indptr.tolist(), part.indices.tolist(), part.data.tolist()
        for i in range(part.shape[0]):
            if starts[i + 1] > starts[i]:
                yield f"J{row} {starts[i + 1] - starts[i]}"
                for entry in sorted(
                    zip(places[starts[i] : starts[i + 1]], values[starts[i] : starts[i + 1]], strict=True)
                ):
                    yield f"{entry[0]} {entry[1]!r}"
            row += 1


def _number(value: float) -> str:
    return f"n{float(value)!r}"
