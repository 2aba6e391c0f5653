"""How are crossed random factors reduced without a sparse Cholesky library?

The factor with most random effects is eliminated first: its part of the normal equations is block
diagonal. What that leaves for all other factors (the Schur complement) is dense and small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from knutepunkt.analysis.models.arrays import Floats, Integers
from knutepunkt.analysis.models.blocks import Block
from knutepunkt.analysis.models.kenward_roger import KenwardRogerParts
from knutepunkt.analysis.models.likelihood import Reduction
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.row_parts import InnerRows, parts_from_rows

MOST_PAIRS = 20_000_000  # beyond that a sparse product takes less memory
LARGEST_DENSE = 8_000  # columns of the Schur complement; its square must fit in memory


@dataclass(frozen=True)
class _Pairs:
    """Pairs of columns of the other factors that meet in a level of the first factor."""

    level: Integers
    place: Integers
    product: Floats


class CrossedSolver:
    """Eliminates the largest factor by blocks and the rest by a dense Cholesky factor."""

    def __init__(self, rows: InnerRows, blocks: tuple[Block, ...]) -> None:
        ordered = sorted(blocks, key=lambda block: -block.n_levels * block.width)
        self.first, self.others = ordered[0], tuple(ordered[1:])
        dense = sum(block.n_levels * block.width for block in self.others)
        if dense > LARGEST_DENSE:
            raise ModelRefusal(
                RefusalCode.TOO_LARGE, f"{dense} crossed random effects beside the largest factor"
            )
        self.rows = rows
        self.n_rows, self.n_fixed = rows.x.shape
        self.n_theta = sum(size * (size + 1) // 2 for block in blocks for size in block.sizes)
        z_first = _columns_of(self.first)
        z_rest = sparse.hstack([_columns_of(block) for block in self.others], format="csr")
        outer = np.column_stack([rows.x, rows.y])
        k = self.first.width
        within = (z_first.T @ z_first).tobsr(blocksize=(k, k))
        self.own = np.zeros((self.first.n_levels, k, k))
        self.own[within.indices] = within.data
        self.to_rest = (z_first.T @ z_rest).tocsr()
        self.to_outer = z_first.T @ outer
        self.pairs = _pairs(self.to_rest) if k == 1 else None
        self.fixed = np.block(
            [
                [(z_rest.T @ z_rest).toarray(), z_rest.T @ outer],
                [(z_rest.T @ outer).T, outer.T @ outer],
            ]
        )

    def reduce(self, theta: Floats) -> Reduction:
        """Return log|H| and [X y]' H^-1 [X y] at theta.

        One Cholesky factor of the bordered Schur complement holds both: its last block is the
        factor of [X y]' H^-1 [X y].
        """
        half, logdet = self._first_half(theta)
        half_outer = half @ self.to_outer
        size = self.fixed.shape[0] - half_outer.shape[1]
        border = self.fixed[size:].copy()
        border[:, :size] -= (half @ self.to_rest).T.dot(half_outer).T
        border[:, size:] -= half_outer.T @ half_outer
        whole = self.fixed.copy()
        whole[:size, :size] -= self._taken(half, size)
        whole[size:] = border
        # Only the lower triangle is read from here on.
        whole[:, :size] = self._scaled(whole[:, :size].T, theta).T
        whole[:size, :size] = self._scaled(whole[:size, :size], theta)
        whole.flat[: size * whole.shape[1] : whole.shape[1] + 1] += 1.0
        factor = np.linalg.cholesky(whole)
        logdet += 2.0 * float(np.log(np.diag(factor)[:size]).sum())
        last = factor[size:, size:]
        return Reduction(logdet, last @ last.T)

    def _taken(self, half: sparse.csr_matrix, size: int) -> Floats:
        """Return what eliminating the first factor takes from the others, lower triangle."""
        if self.pairs is None:
            half_rest = half @ self.to_rest
            dense: Floats = (half_rest.T @ half_rest).toarray()
            return dense
        weights = half.diagonal() ** 2
        values = self.pairs.product * weights[self.pairs.level]
        summed = np.bincount(self.pairs.place, values, minlength=size**2).astype(np.float64)
        lower: Floats = summed.reshape(size, size)
        if all(block.width == 1 for block in self.others):
            return lower
        # A Lambda wider than one mixes entries on both sides of the diagonal.
        return lower + np.tril(lower, -1).T

    def _first_half(self, theta: Floats) -> tuple[sparse.csr_matrix, float]:
        """Return F with F'F = Lambda (Lambda'Z'Z Lambda + I)^-1 Lambda' as a block diagonal."""
        factor = self.first.factor(theta)
        k, q = self.first.width, self.first.n_levels
        inner = factor.T @ self.own @ factor
        inner[:, range(k), range(k)] += 1.0
        cholesky = np.linalg.cholesky(inner)
        logdet = 2.0 * float(np.log(np.diagonal(cholesky, axis1=1, axis2=2)).sum())
        half = np.linalg.solve(cholesky, np.broadcast_to(factor.T, inner.shape))
        if k == 1:
            return sparse.diags(half[:, 0, 0]).tocsr(), logdet
        blocks = sparse.bsr_matrix((half, np.arange(q), np.arange(q + 1)), shape=(q * k, q * k))
        return blocks.tocsr(), logdet

    def _scaled(self, matrix: Floats, theta: Floats) -> Floats:
        """Multiply the rows of the other factors by their Lambda' from the left."""
        parts, at = [], 0
        for block in self.others:
            size = block.n_levels * block.width
            rows = matrix[at : at + size]
            factor = block.factor(theta)
            if block.width == 1:
                parts.append(rows * factor[0, 0])
            else:
                shaped = rows.reshape(block.n_levels, block.width, -1)
                parts.append((factor.T @ shaped).reshape(size, -1))
            at += size
        return np.vstack(parts)

    def kenward_roger_parts(self, theta: Floats, sigma2: float) -> KenwardRogerParts:
        """Return the ingredients of the small-sample correction from the rows."""
        return parts_from_rows(self.rows, theta, sigma2)


def _columns_of(block: Block) -> sparse.csr_matrix:
    """Return the block's columns of Z, levels outermost, shape (n, q k)."""
    n_rows, k = block.z.shape
    columns = (block.codes[:, None] * k + np.arange(k)).ravel()
    starts = np.arange(n_rows + 1) * k
    shape = (n_rows, block.n_levels * k)
    return sparse.csr_matrix((block.z.ravel(), columns, starts), shape=shape)


def _pairs(border: sparse.csr_matrix) -> _Pairs | None:
    """List every pair of columns that meet in a row of ``border``, unless they are too many."""
    counts = np.diff(border.indptr)
    if int((counts.astype(np.int64) ** 2).sum()) // 2 > MOST_PAIRS:
        return None
    level, first, second = [], [], []
    for count in np.unique(counts[counts > 0]):
        rows = np.flatnonzero(counts == count)
        upper, lower = np.tril_indices(count)
        starts = border.indptr[rows][:, None]
        level.append(np.repeat(rows, upper.size))
        first.append((starts + upper).ravel())
        second.append((starts + lower).ravel())
    one, two = np.concatenate(first), np.concatenate(second)
    columns = border.indices.astype(np.int64)
    low, high = np.minimum(columns[one], columns[two]), np.maximum(columns[one], columns[two])
    return _Pairs(
        np.concatenate(level), high * border.shape[1] + low, border.data[one] * border.data[two]
    )
