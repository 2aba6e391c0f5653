"""How are random terms grouped by factor, and how does theta become their covariances?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import linalg

from knutepunkt.analysis.models.arrays import Floats, Integers
from knutepunkt.analysis.models.design import RandomTerm
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

RANK_BELOW = 1e-9


@dataclass(frozen=True)
class Block:
    """All random columns of one grouping factor.

    Attributes:
        codes: level of each row, shape (n,).
        n_levels: number of levels q.
        z: inner random columns of all its terms, shape (n, k).
        sizes: how many columns each term has; covariances between terms are zero.
        starts: where each term's parameters begin in theta.
    """

    codes: Integers
    n_levels: int
    z: Floats
    sizes: tuple[int, ...]
    starts: tuple[int, ...]

    @property
    def width(self) -> int:
        """Number of random columns k."""
        return int(self.z.shape[1])

    def factor(self, theta: Floats) -> Floats:
        """Return Lambda, the lower triangular relative covariance factor, shape (k, k)."""
        whole = np.zeros((self.width, self.width))
        at = 0
        for size, start in zip(self.sizes, self.starts, strict=True):
            whole[at : at + size, at : at + size] = lower(theta[start:], size)
            at += size
        return whole

    def collect(self, slopes: Floats, gradient: Floats) -> None:
        """Add derivatives in Lambda, shape (k, k), to the gradient in theta."""
        at = 0
        for size, start in zip(self.sizes, self.starts, strict=True):
            columns, rows = triangle(size)
            gradient[start : start + rows.size] += slopes[at + rows, at + columns]
            at += size

    def parameters(self) -> list[tuple[int, int]]:
        """Return the (row, column) of each free variance or covariance."""
        pairs: list[tuple[int, int]] = []
        at = 0
        for size in self.sizes:
            pairs += [
                (at + row, at + column) for column in range(size) for row in range(column, size)
            ]
            at += size
        return pairs


@dataclass(frozen=True)
class InnerTerm:
    """A random term with orthonormal columns: z = inner @ upper."""

    term: RandomTerm
    inner: Floats
    upper: Floats
    start: int

    @property
    def width(self) -> int:
        """Number of random columns."""
        return int(self.inner.shape[1])

    @property
    def n_theta(self) -> int:
        """Number of parameters of the term."""
        return self.width * (self.width + 1) // 2

    def outer_covariance(self, theta: Floats) -> Floats:
        """Return the covariance of the named columns over sigma^2, shape (k, k)."""
        half = linalg.solve_triangular(self.upper, lower(theta[self.start :], self.width))
        covariance: Floats = half @ half.T
        return covariance


@cache
def triangle(size: int) -> tuple[Integers, Integers]:
    """Return the (column, row) of each entry of a lower triangle, column by column."""
    columns, rows = np.triu_indices(size)
    return columns.astype(np.int64), rows.astype(np.int64)


def lower(theta: Floats, size: int) -> Floats:
    """Fill a lower triangle column by column, as lme4 orders theta."""
    matrix = np.zeros((size, size))
    if size == 1:
        matrix[0, 0] = theta[0]
        return matrix
    columns, rows = triangle(size)
    matrix[rows, columns] = theta[: rows.size]
    return matrix


def canonical(theta: Floats, terms: tuple[InnerTerm, ...]) -> Floats:
    """Return the theta of the same covariances whose triangles have no negative diagonal."""
    tidy = theta.copy()
    for term in terms:
        matrix = lower(theta[term.start :], term.width)
        signs = np.where(np.diag(matrix) < 0, -1.0, 1.0)
        columns, rows = triangle(term.width)
        tidy[term.start : term.start + term.n_theta] = (matrix * signs)[rows, columns]
    return tidy


def diagonal_positions(terms: tuple[InnerTerm, ...]) -> list[int]:
    """Return where in theta the diagonals of the triangles stand."""
    positions: list[int] = []
    for term in terms:
        at = term.start
        for size in range(term.width, 0, -1):
            positions.append(at)
            at += size
    return positions


def inner_terms(random: tuple[RandomTerm, ...]) -> tuple[InnerTerm, ...]:
    """Orthonormalise the random columns of each term, scaled to mean square one.

    Raises:
        ModelRefusal: ``not_identified`` for dependent columns or more effects than rows.
    """
    terms: list[InnerTerm] = []
    start = 0
    for term in random:
        n_rows, width = term.z.shape
        if term.n_levels < 2:
            raise ModelRefusal(RefusalCode.TOO_FEW_GROUPS, f"{term.factor} has one level")
        if term.n_levels * width >= n_rows:
            raise ModelRefusal(
                RefusalCode.NOT_IDENTIFIED,
                f"{term.n_levels * width} random effects of {term.factor} for {n_rows} rows",
            )
        q, r = np.linalg.qr(term.z)
        sizes = np.linalg.norm(term.z, axis=0)
        if width == 0 or (np.abs(np.diag(r)) <= RANK_BELOW * np.maximum(sizes, 1e-300)).any():
            raise ModelRefusal(
                RefusalCode.NOT_IDENTIFIED, f"the random columns of {term.factor} are dependent"
            )
        signs = np.sign(np.diag(r))
        root = np.sqrt(n_rows)
        inner = InnerTerm(term, q * signs * root, (r * signs[:, None]) / root, start)
        terms.append(inner)
        start += inner.n_theta
    return tuple(terms)


def blocks_of(terms: tuple[InnerTerm, ...]) -> tuple[Block, ...]:
    """Join the terms that share a grouping factor."""
    groups: dict[str, list[InnerTerm]] = {}
    for term in terms:
        groups.setdefault(term.term.factor, []).append(term)
    blocks = []
    for members in groups.values():
        z = np.hstack([member.inner for member in members])
        first = members[0].term
        sizes = tuple(member.width for member in members)
        starts = tuple(member.start for member in members)
        repeated = [name for member in members for name in member.term.columns]
        if len(set(repeated)) < len(repeated):
            raise ModelRefusal(RefusalCode.NOT_IDENTIFIED, f"a column of {first.factor} twice")
        blocks.append(Block(first.codes, first.n_levels, z, sizes, starts))
    return tuple(blocks)
