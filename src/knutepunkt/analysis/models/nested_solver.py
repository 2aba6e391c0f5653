"""How are nested random factors reduced from cross-products per innermost group?

Rows are needed once, to sum products of all columns per level of the innermost factor. At each
theta the innermost random columns are eliminated group by group, what is left is added up within
the next factor, and so on; no matrix is ever larger than the columns of one group.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from knutepunkt.analysis.models.arrays import Floats, Integers, symmetric
from knutepunkt.analysis.models.blocks import Block
from knutepunkt.analysis.models.folded_products import FoldedProducts
from knutepunkt.analysis.models.kenward_roger import KenwardRogerParts
from knutepunkt.analysis.models.likelihood import Reduction
from knutepunkt.analysis.models.row_parts import InnerRows, parts_from_rows


@dataclass(frozen=True)
class _Stage:
    """One factor of the hierarchy: its covariance block and where its parents' groups begin."""

    block: Block
    parent_starts: Integers
    children: Integers


class NestedSolver:
    """Eliminates a chain of nested factors, the innermost first."""

    def __init__(self, rows: InnerRows, chain: tuple[Block, ...]) -> None:
        self.rows = rows
        self.n_rows = rows.y.size
        self.n_fixed = rows.x.shape[1]
        self.n_theta = sum(size * (size + 1) // 2 for block in chain for size in block.sizes)
        order = np.lexsort([block.codes for block in chain])
        columns = np.hstack([*(block.z for block in chain), rows.x, rows.y[:, None]])[order]
        sorted_codes = [block.codes[order] for block in chain]
        row_starts = _starts(sorted_codes[0])
        products = _summed_products(columns, row_starts)
        stages = tuple(_stages(chain, sorted_codes, row_starts))
        # Persons have an intercept alone, and there are many of them: their sums are enough.
        folds = stages[0].block.width == 1
        self.folded = FoldedProducts.of(products, stages[0].parent_starts) if folds else None
        self.innermost, self.stages = stages[0], stages[1:] if folds else stages
        self.products = None if folds else products

    def reduce(self, theta: Floats) -> Reduction:
        """Return log|H| and [X y]' H^-1 [X y] at theta."""
        kept, logdet = self._kept(theta)
        return Reduction(logdet, kept[-1][0])

    def slopes(self, theta: Floats, adjoint: Callable[[Reduction], Floats]) -> Floats:
        """Return the derivative of the criterion in theta, shape (m,).

        The adjoint of the last cross-products is carried back through the eliminations. With
        S = C - B'UB and U = Lambda (Lambda'A Lambda + I)^-1 Lambda': B moves by -2UB S*, U by
        U* = -B S* B', A by U - U U* U, and Sigma = Lambda Lambda' by AJ + J'U*J, J = I - UA.
        """
        kept, logdet = self._kept(theta)
        back = adjoint(Reduction(logdet, kept[-1][0]))[None]
        gradient = np.zeros(self.n_theta)
        for stage, products in zip(self.stages[::-1], kept[-2::-1], strict=True):
            factor = stage.block.factor(theta)
            step = _Backward(products, factor, np.repeat(back, stage.children, axis=0))
            stage.block.collect(2.0 * step.covariance_slopes() @ factor, gradient)
            if products is not self.products:
                back = step.carried()
        if self.folded is not None:
            factor = self.innermost.block.factor(theta)
            slope = self.folded.covariance_slope(float(factor[0, 0]), back)
            self.innermost.block.collect(2.0 * slope * factor, gradient)
        return gradient

    def _kept(self, theta: Floats) -> tuple[list[Floats], float]:
        """Return the products before each elimination and after the last, and log|H|."""
        kept, logdet = [], 0.0
        if self.folded is not None:
            factor = float(self.innermost.block.factor(theta)[0, 0])
            products, logdet = self.folded.eliminated(factor)
            kept.append(products)
        elif self.products is not None:
            kept.append(self.products)
        for stage in self.stages:
            rest, added = eliminate(kept[-1], stage.block.factor(theta))
            logdet += added
            kept.append(np.add.reduceat(rest, stage.parent_starts, axis=0))
        return kept, logdet

    def kenward_roger_parts(self, theta: Floats, sigma2: float) -> KenwardRogerParts:
        """Return the ingredients of the small-sample correction from the rows."""
        return parts_from_rows(self.rows, theta, sigma2)


def eliminate(products: Floats, factor: Floats) -> tuple[Floats, float]:
    """Eliminate the first k columns of each group's products, with covariance factor (k, k).

    Args:
        products: cross-products of [Z rest] per group, shape (G, k + m, k + m).
        factor: Lambda of the k columns.

    Returns:
        What is left of the m columns, shape (G, m, m), and sum log|Lambda' Z'Z Lambda + I|.
    """
    k = factor.shape[0]
    if k == 1:
        square = float(factor[0, 0]) ** 2
        pivot = 1.0 + square * np.maximum(products[:, 0, 0], 0.0)
        border = products[:, 0, 1:]
        weighted = border * (square / pivot)[:, None]
        rest = products[:, 1:, 1:] - weighted[:, :, None] * border[:, None, :]
        return rest, float(np.log(pivot).sum())
    widened = np.eye(products.shape[1])
    widened[:k, :k] = factor
    rest = widened.T @ products @ widened
    rest[:, range(k), range(k)] += 1.0
    logdet = 0.0
    for _ in range(k):
        # Pivots of I plus what has no negative root are one or more; rounding may take them lower.
        pivot = np.maximum(rest[:, 0, 0], 1.0)
        border = rest[:, 0, 1:]
        weighted = border / pivot[:, None]
        logdet += float(np.log(pivot).sum())
        rest = rest[:, 1:, 1:] - weighted[:, :, None] * border[:, None, :]
    return rest, logdet


def chain_of(blocks: tuple[Block, ...]) -> tuple[Block, ...] | None:
    """Order blocks from the innermost to the outermost if each is nested in the next."""
    ordered = tuple(sorted(blocks, key=lambda block: -block.n_levels))
    for inner, outer in pairwise(ordered):
        pairs = np.unique(inner.codes * outer.n_levels + outer.codes)
        if pairs.size != inner.n_levels:
            return None
    return ordered


def _starts(codes: Integers) -> Integers:
    """Return where each run of equal codes begins."""
    changes = np.flatnonzero(np.diff(codes)) + 1
    return np.concatenate([[0], changes]).astype(np.int64)


def _summed_products(columns: Floats, starts: Integers) -> Floats:
    width = columns.shape[1]
    products = np.empty((starts.size, width, width))
    contiguous = np.ascontiguousarray(columns.T)
    for row in range(width):
        for column in range(row, width):
            sums = np.add.reduceat(contiguous[row] * contiguous[column], starts)
            products[:, row, column] = sums
            products[:, column, row] = sums
    return products


def _stages(
    chain: tuple[Block, ...], sorted_codes: list[Integers], row_starts: Integers
) -> list[_Stage]:
    stages = []
    starts = row_starts
    for block, outer in zip(chain, [*sorted_codes[1:], None], strict=True):
        none = np.zeros(1, dtype=np.int64)
        parent_starts = none if outer is None else _starts(outer[starts])
        children = np.diff(np.append(parent_starts, starts.size))
        stages.append(_Stage(block, parent_starts, children))
        starts = starts[parent_starts]
    return stages


class _Backward:
    """One elimination walked backwards: from the adjoint of what is left to that of all."""

    def __init__(self, products: Floats, factor: Floats, back: Floats) -> None:
        k = factor.shape[0]
        self.own, self.border, self.back = products[:, :k, :k], products[:, :k, k:], back
        inner = factor.T @ self.own @ factor
        inner[:, range(k), range(k)] += 1.0
        self.u = factor @ _inverse(inner) @ factor.T
        self.pulled = self.border @ back
        self.u_back = -self.pulled @ np.swapaxes(self.border, 1, 2)

    def covariance_slopes(self) -> Floats:
        """Return the derivative in Sigma, summed over groups, shape (k, k)."""
        j = np.eye(self.u.shape[1]) - self.u @ self.own
        slopes = self.own @ j + np.swapaxes(j, 1, 2) @ self.u_back @ j
        total: Floats = slopes.sum(axis=0)
        return symmetric(total)

    def carried(self) -> Floats:
        """Return the adjoint of all products of each group, shape (G, k + m, k + m)."""
        off = -self.u @ self.pulled
        own = self.u - self.u @ self.u_back @ self.u
        return np.concatenate(
            [
                np.concatenate([own, off], axis=2),
                np.concatenate([np.swapaxes(off, 1, 2), self.back], axis=2),
            ],
            axis=1,
        )


def _inverse(matrices: Floats) -> Floats:
    """Invert small positive definite matrices, shape (G, k, k); in closed form up to k = 2."""
    k = matrices.shape[1]
    if k == 1:
        return np.reciprocal(matrices)
    if k > 2:
        return np.asarray(np.linalg.inv(matrices))
    a, b, d = matrices[:, 0, 0], matrices[:, 0, 1], matrices[:, 1, 1]
    inverse = np.empty_like(matrices)
    inverse[:, 0, 0], inverse[:, 1, 1] = d, a
    inverse[:, 0, 1] = inverse[:, 1, 0] = -b
    inverse /= (a * d - b * b)[:, None, None]
    return inverse
