"""All caches of a frame whose envelopes cost little enough: a tree of models held or not, with prices in every node.

Depth first. A node raises the prices it has from its parent, drops out where its bound is above the limit, and lists
its caches where few are left; each of these is then bounded by its own envelopes. Otherwise it branches on the
model that the best cache, models divisible, is least sure of.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from solvers.frame.cache_search import worth_search
from solvers.frame.envelope_costs import Segments, charged_cost
from solvers.frame.step_prices import Envelopes, Holding, raise_prices, scratch_for
from solvers.kernel import kernel

NODE_TURNS = 20
"""Subgradient steps in a node."""
FEW = 32
"""Caches that are listed rather than branched on."""


class Tree(NamedTuple):
    """A search that can be gone on with: the open nodes and what was found."""

    fixed: np.ndarray
    """(M + 2, M) int8: 1 held, -1 not, 0 open; a node a row."""
    price: np.ndarray
    """(M + 2, K)."""
    bound: np.ndarray
    """(M + 2,): what no cache of the node costs less than."""
    open: np.ndarray
    """(1,) int: the number of open nodes; the last one comes next."""
    masks: np.ndarray
    """(most,) int: caches found."""
    costs: np.ndarray
    """(most,): what they cost at least, charges included."""
    found: np.ndarray
    """(1,) int: how many were found; more than ``most`` say that there is no room for another."""


def planted(price: np.ndarray, bound: float, models: int, most: int) -> Tree:
    """A tree of all caches, from prices (K,) and the bound at them, with room for ``most`` finds."""
    depth = models + 2
    tree = Tree(
        np.zeros((depth, models), dtype=np.int8),
        np.zeros((depth, len(price))),
        np.full(depth, -math.inf),
        np.ones(1, dtype=np.int64),
        np.empty(most, dtype=np.int64),
        np.empty(most),
        np.zeros(1, dtype=np.int64),
    )
    tree.price[0], tree.bound[0] = price, bound
    return tree


@kernel
def grow(
    tree: Tree, envelopes: Envelopes, segments: Segments, holding: Holding, limit: float, turns: int, nodes: int
) -> bool:
    """Search up to so many nodes for the caches that cost at most ``limit``; False where there is no room for more."""
    models = len(holding.size)
    scratch = scratch_for(tree.price.shape[1], models)
    bits = np.int64(1) << np.arange(models)
    while tree.open[0] > 0 and nodes > 0:
        nodes -= 1
        at = tree.open[0] - 1
        fixed, price = tree.fixed[at], tree.price[at]
        bound = raise_prices(envelopes, holding, fixed, price, limit, turns, scratch)
        tree.bound[at] = max(tree.bound[at], bound)
        if tree.bound[at] > limit:
            tree.open[0] -= 1
            continue
        worth, room, base, mask = scratch.worth, holding.room, envelopes.cloud_cost, np.int64(0)
        base -= envelopes.budget * price.sum()
        for m in range(models):
            if fixed[m] > 0:
                base -= worth[m]
                room -= holding.size[m]
                mask |= bits[m]
        if room < 0.0:
            tree.open[0] -= 1
            continue
        free = np.nonzero(fixed == 0)[0]
        free = free[np.argsort(-worth[free] / holding.size[free], kind="mergesort")]
        masks, _, whole = worth_search(worth[free], holding.size[free], bits[free], room, base - limit, FEW)
        if whole:
            for part in masks:
                cost = charged_cost(segments, holding, mask | part)
                if cost <= limit:
                    if tree.found[0] == len(tree.masks):
                        return False
                    tree.masks[tree.found[0]], tree.costs[tree.found[0]] = mask | part, cost
                    tree.found[0] += 1
            tree.open[0] -= 1
            continue
        _branch(tree, at, scratch.share, worth)
    return True


@kernel
def _branch(tree: Tree, at: int, share: np.ndarray, worth: np.ndarray) -> None:
    """Replace an open node by its two children, the likelier one to come next."""
    model, doubt = -1, -1.0
    for m in range(len(share)):
        unsure = min(share[m], 1.0 - share[m])
        if tree.fixed[at, m] == 0 and (unsure > doubt or (unsure == doubt and abs(worth[m]) < abs(worth[model]))):
            model, doubt = m, unsure
    tree.fixed[at + 1], tree.price[at + 1], tree.bound[at + 1] = tree.fixed[at], tree.price[at], tree.bound[at]
    likely = 1 if share[model] >= 0.5 else -1
    tree.fixed[at, model], tree.fixed[at + 1, model] = -likely, likely
    tree.open[0] += 1
