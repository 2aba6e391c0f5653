"""Which people are compared with which, and how probable is each pair?

People are compared inside blocks: a group with itself in the next round, or everybody who is left
with everybody of other groups. Error rates and the share of people who return are estimated from the
same data (expectation-maximisation), helped by the pairs their cards have linked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knutepunkt.analysis.linking.comparison import (
    Codes,
    Comparison,
    Material,
    Reals,
    compare,
    counted,
    same_person_rates,
    weights,
)
from knutepunkt.analysis.linking.matching import pair_probabilities

STEPS = 50
CLOSE = 1e-4
#: Cells of a block that are held in memory at once: two thousand people against two thousand.
LARGEST_BLOCK = 4_000_000


@dataclass(frozen=True, eq=False)
class Shelf:
    """Blocks of about one size, filled up to one shape (blocks, n, m).

    Attributes:
        rows, columns: positions in the rounds, shapes (blocks, n) and (blocks, m); 0 where filled up.
        possible: shape (blocks, n, m), False for filled-up cells and pairs that are ruled out.
        compared: how the pairs compare.
        sizes: people in each block, shape (blocks, 2).
    """

    rows: Codes
    columns: Codes
    possible: NDArray[np.bool_]
    compared: Comparison
    sizes: Codes


def shelve(
    material: Material,
    blocks: Iterable[tuple[Sequence[int], Sequence[int]]],
    ruled_out: NDArray[np.bool_] | None = None,
) -> tuple[Shelf, ...]:
    """Return blocks as shelves; ``ruled_out`` concerns a single block of its own shape."""
    by_size: dict[tuple[int, int], list[tuple[Sequence[int], Sequence[int]]]] = defaultdict(list)
    for rows, columns in blocks:
        if rows and columns:
            by_size[_step(len(rows)), _step(len(columns))].append((rows, columns))
    return tuple(_shelf(material, each, ruled_out) for _, each in sorted(by_size.items()))


def _step(size: int) -> int:
    return int(size - 1).bit_length()


def _shelf(
    material: Material,
    blocks: list[tuple[Sequence[int], Sequence[int]]],
    ruled_out: NDArray[np.bool_] | None,
) -> Shelf:
    sizes = np.array([[len(rows), len(columns)] for rows, columns in blocks], dtype=np.int64)
    n, m = sizes.max(axis=0)
    rows, columns = np.zeros((len(blocks), n), np.int64), np.zeros((len(blocks), m), np.int64)
    for at, (some, others) in enumerate(blocks):
        rows[at, : len(some)], columns[at, : len(others)] = some, others
    possible = (np.arange(n) < sizes[:, :1])[:, :, None] & (np.arange(m) < sizes[:, 1:])[:, None, :]
    if ruled_out is not None:
        possible &= ~ruled_out[None]
    compared = compare(material, rows[:, :, None], columns[:, None, :])
    return Shelf(rows, columns, possible, compared, sizes)


@dataclass(frozen=True, eq=False)
class Rates:
    """What the data say about mistakes and return.

    Attributes:
        same: P(an element is answered alike | same person), shape (8,).
        returning: share of the later round's people who stand in the block they are compared with.
        converged: whether the estimates stood still.
    """

    same: Reals
    returning: float
    converged: bool


def estimate_rates(
    material: Material,
    shelves: Sequence[Shelf],
    known: Reals,
    *,
    prior: tuple[float, float],
    same: Reals | None = None,
) -> Rates:
    """Estimate error rates and return by expectation-maximisation.

    Args:
        material: both rounds.
        shelves: the pairs whose truth is not known.
        known: patterns of pairs that are linked already, shape (3**8,).
        prior: returning people and others believed in beforehand (a beta prior).
        same: error rates that are known already; then only the return is estimated.

    The expected number of links per pattern gives the rates (with a prior worth twenty pairs); the
    expected number of links per later person gives the return. See Winkler (1988) for the scheme;
    pairs are weighed under one-to-one matching instead of one by one.
    """
    start = same_person_rates(known) if same is None else same
    rates = Rates(start, prior[0] / sum(prior), converged=not shelves)
    people = sum(int(shelf.sizes[:, 1].sum()) for shelf in shelves)
    for _ in range(STEPS if shelves else 0):
        patterns, links = known.copy(), 0.0
        for shelf in shelves:
            found = pair_probabilities(log_odds(material, shelf, rates))
            patterns += counted(shelf.compared, found)
            links += float(found.sum())
        returning = (links + prior[0]) / (people + sum(prior))
        renewed = same_person_rates(patterns) if same is None else same
        gap = max(float(np.abs(renewed - rates.same).max()), abs(returning - rates.returning))
        rates = Rates(renewed, returning, converged=gap < CLOSE)
        if rates.converged:
            break
    return rates


def log_odds(material: Material, shelf: Shelf, rates: Rates) -> Reals:
    """Return log odds of every pair against both being alone, shape of the shelf; -inf if ruled out.

    Prior: a later person is in the block's earlier round with probability ``returning``, and then
    any of the earlier people who are not taken by somebody else.
    """
    n, m = shelf.sizes[:, 0].astype(np.float64), shelf.sizes[:, 1].astype(np.float64)
    taken = np.minimum(rates.returning * m, n)
    before = np.log(rates.returning) - np.log1p(-rates.returning) - np.log(n - taken + 1.0)
    told = weights(shelf.compared, rates.same, material.chance) + before[:, None, None]
    odds: Reals = np.where(shelf.possible, told, -np.inf)
    return odds
