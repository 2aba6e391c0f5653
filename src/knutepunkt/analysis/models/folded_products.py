"""How is a factor with one random column eliminated from sums alone, however many levels it has?

Levels of one parent with the same z'z are eliminated alike: what is left of their rows is what lies
within the levels plus one number times the sum of their borders squared. Both are sums of squares, so
nothing is lost however far the factor's variance is above the rest. Persons who answered equally
many rounds are such levels, so a fit of half a million persons asks for sums per group only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from knutepunkt.analysis.models.arrays import Floats, Integers


@dataclass(frozen=True)
class FoldedProducts:
    """Products of a factor's levels, added up per parent and z'z.

    Attributes:
        squares: z'z of each fold, shape (F,); ``counts``: its levels.
        borders: sums of b b', with b = [rest]'z of a level, shape (F, m, m).
        within: sums of [rest]'[rest] - b b' / z'z per parent, shape (P, m, m).
        starts: where each parent's folds begin; ``parents``: the parent of each fold.
    """

    squares: Floats
    counts: Floats
    borders: Floats
    within: Floats
    starts: Integers
    parents: Integers

    @classmethod
    def of(cls, products: Floats, parent_starts: Integers) -> FoldedProducts:
        """Fold cross-products of [z rest] per level, shape (L, 1 + m, 1 + m), sorted by parent."""
        levels = np.diff(np.append(parent_starts, products.shape[0]))
        parents = np.repeat(np.arange(parent_starts.size), levels)
        squares, border = products[:, 0, 0], products[:, 0, 1:]
        own = np.where(squares > 0.0, squares, 1.0)  # a level whose z is zero has no border
        order = np.lexsort([squares, parents])
        keys = np.column_stack([parents, squares])[order]
        changes = np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1
        starts = np.concatenate([[0], changes]).astype(np.int64)
        width = border.shape[1]
        borders = np.empty((starts.size, width, width))
        ordered = np.ascontiguousarray(border[order].T)
        for row in range(width):
            for column in range(row, width):
                sums = np.add.reduceat(ordered[row] * ordered[column], starts)
                borders[:, row, column] = borders[:, column, row] = sums
        of_fold = parents[order][starts]
        return cls(
            squares=squares[order][starts],
            counts=np.diff(np.append(starts, products.shape[0])).astype(np.float64),
            borders=borders,
            within=np.add.reduceat(
                products[:, 1:, 1:] - border[:, :, None] * (border / own[:, None])[:, None, :],
                parent_starts,
                axis=0,
            ),
            starts=np.searchsorted(of_fold, np.arange(parent_starts.size)),
            parents=of_fold,
        )

    def eliminated(self, factor: float) -> tuple[Floats, float]:
        """What is left of each parent's rows at Lambda = ``factor``, and log|Lambda' Z'Z Lambda + I|."""
        pivot = 1.0 + factor**2 * self.squares
        own = np.where(self.squares > 0.0, self.squares, 1.0)
        weighted = self.borders / (own * pivot)[:, None, None]
        rest = self.within + np.add.reduceat(weighted, self.starts, axis=0)
        return rest, float(self.counts @ np.log(pivot))

    def covariance_slope(self, factor: float, back: Floats) -> float:
        """The derivative in Sigma = Lambda^2, given the adjoint of what is left, shape (P, m, m).

        With u = Lambda^2 / (1 + Lambda^2 a), j = 1 - u a: a j - j^2 b' back b, summed over levels.
        """
        j = 1.0 / (1.0 + factor**2 * self.squares)
        pulled = np.einsum("fij,fij->f", back[self.parents], self.borders)
        return float(self.counts @ (self.squares * j) - (j**2) @ pulled)
