"""What is the likelihood of groups when their random effects are integrated out?

Adaptive Gauss-Hermite quadrature: the points are laid around each group's mode, scaled by the
curvature there (Pinheiro and Bates 1995). Persons inside groups are integrated first, at every
point of their group.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Protocol

import numpy as np
from numpy.polynomial.hermite import hermgauss

from knutepunkt.analysis.models.arrays import Floats, Integers
from knutepunkt.analysis.models.category_odds import RowTerms

NEWTON_STEPS = 60
MODE_ENOUGH = 1e-9
INNER_MODE_ENOUGH = 1e-5  # the integral does not mind where exactly its points are centred
LARGEST_STEP = 3.0  # in standard deviations of the random effect


class Units(Protocol):
    """Things whose log-likelihood depends on a shift of their predictor, at (units, J) shifts."""

    def values(self, shifts: Floats) -> Floats:
        """Return the log-likelihoods, shape (units, J)."""
        ...

    def terms(self, shifts: Floats) -> RowTerms:
        """Return the log-likelihoods with two derivatives in the shift."""
        ...


@dataclass(frozen=True)
class Grid:
    """Points of the standard product rule, shape (J, k), and log weights with exp(x'x), (J,)."""

    points: Floats
    log_weights: Floats


def grid_of(points: int, width: int) -> Grid:
    """Return the product Gauss-Hermite rule with ``points`` per dimension."""
    x, w = hermgauss(points)
    all_points = np.array(list(product(x, repeat=width)))
    logs = np.array([sum(each) for each in product(np.log(w), repeat=width)])
    return Grid(all_points, logs + (all_points**2).sum(axis=1))


@dataclass(frozen=True)
class Nodes:
    """Where each level was looked at, (q, J, k), and the posterior weight there, (q, J)."""

    at: Floats
    weights: Floats


class Integral:
    """Integrates k standard normal effects per level of a factor out of unit log-likelihoods."""

    def __init__(self, codes: Integers, n_levels: int, z: Floats, points: int) -> None:
        self.order = np.argsort(codes, kind="stable")
        self.codes, self.n_levels = codes[self.order], n_levels
        self.starts = np.searchsorted(self.codes, np.arange(n_levels))
        self.z = z[self.order]
        self.back = np.argsort(self.order, kind="stable")
        self.grid = grid_of(points, z.shape[1])
        self.modes = np.zeros((n_levels, z.shape[1]))

    def value(self, units: Units, factor: Floats) -> tuple[Floats, Nodes]:
        """Return the log-likelihood of each level, shape (q,), and the nodes behind it.

        log of (2 pi)^(-k/2) times the integral of exp(sum of units at z L u - u'u / 2) over u.

        Args:
            units: log-likelihoods of the units in their own order.
            factor: L, the Cholesky factor of the effects' covariance, shape (k, k).
        """
        zl = self.z @ factor
        modes, roots = self._modes(units, zl)
        self.modes = modes
        at = modes[:, None, :] + np.sqrt(2.0) * np.einsum("qab,jb->qja", roots, self.grid.points)
        shifts = np.einsum("na,nja->nj", zl, at[self.codes])
        sums = self._summed(units.values(shifts[self.back])[self.order])
        inside = sums - 0.5 * (at**2).sum(axis=2) + self.grid.log_weights
        top = inside.max(axis=1, keepdims=True)
        weights = np.exp(inside - top)
        total = weights.sum(axis=1, keepdims=True)
        half_logdet = np.log(np.abs(np.diagonal(roots, axis1=1, axis2=2))).sum(axis=1)
        # (2 pi)^(-k/2) times 2^(k/2) is pi^(-k/2).
        constant = -0.5 * self.z.shape[1] * np.log(np.pi)
        value = (top + np.log(total))[:, 0] + half_logdet + constant
        return np.asarray(value), Nodes(at, weights / total)

    def _summed(self, values: Floats) -> Floats:
        return np.asarray(np.add.reduceat(values, self.starts, axis=0))

    def _modes(self, units: Units, zl: Floats) -> tuple[Floats, Floats]:
        """Return each level's mode, (q, k), and a root of its inverse curvature, (q, k, k)."""
        k = zl.shape[1]
        modes = self.modes.copy()
        for _ in range(NEWTON_STEPS):
            terms = units.terms(np.einsum("na,na->n", zl, modes[self.codes])[self.back][:, None])
            slope = self._summed(zl * terms.slope[self.order]) - modes
            bends = zl[:, :, None] * zl[:, None, :] * -terms.bend[self.order][:, :, None]
            curvature = self._summed(bends) + np.eye(k)
            step = np.linalg.solve(curvature, slope[:, :, None])[:, :, 0]
            longest = np.abs(step).max(axis=1, keepdims=True)
            modes += step * np.minimum(1.0, LARGEST_STEP / np.maximum(longest, 1e-300))
            if float(longest.max(initial=0.0)) < MODE_ENOUGH:
                break
        roots = np.linalg.cholesky(np.linalg.inv(curvature))
        return modes, np.asarray(roots)


class NestedUnits:
    """Units that are persons: their own intercept is integrated out at every shift asked for."""

    def __init__(self, codes: Integers, n_levels: int, points: int) -> None:
        self.order = np.argsort(codes, kind="stable")
        self.codes, self.n_levels = codes[self.order], n_levels
        self.starts = np.searchsorted(self.codes, np.arange(n_levels))
        self.back = np.argsort(self.order, kind="stable")
        self.grid = grid_of(points, 1)
        self.rows: Units | None = None
        self.sd = 1.0

    def over(self, rows: Units, sd: float) -> NestedUnits:
        """Say whose likelihood is integrated and how far persons spread; return self."""
        self.rows, self.sd = rows, sd
        return self

    def values(self, shifts: Floats) -> Floats:
        """Return log integrals per person, shape (persons, J)."""
        return self.nodes(shifts)[0]

    def nodes(self, shifts: Floats) -> tuple[Floats, Nodes]:
        """Return log integrals, (persons, J), with the inner nodes, at (points, persons, J)."""
        modes, curvature, _ = self._modes(shifts)
        spread = np.sqrt(2.0 / curvature)
        at = modes + spread * self.grid.points[:, :, None]
        inside = np.stack([self._sum(self._rows.values(self._spread(shifts, v))) for v in at])
        inside += self.grid.log_weights[:, None, None] - 0.5 * at**2
        top = inside.max(axis=0)
        weights = np.exp(inside - top)
        total = weights.sum(axis=0)
        value = top + np.log(total) + np.log(spread) - 0.5 * np.log(2.0 * np.pi)
        return np.asarray(value), Nodes(at, weights / total)

    def terms(self, shifts: Floats) -> RowTerms:
        """Return log-likelihoods at each person's mode with derivatives in the shift, (persons, J).

        This only tells where to lay the points of the groups: the mode of all effects together.
        With B the sum of row bends, the second derivative of the maximum is B / (1 - sd^2 B).
        """
        modes, curvature, rows = self._modes(shifts)
        value = self._sum(rows.value) - 0.5 * modes**2
        return RowTerms(value, self._sum(rows.slope), self._sum(rows.bend) / curvature)

    def _modes(self, shifts: Floats) -> tuple[Floats, Floats, RowTerms]:
        modes = np.zeros_like(shifts)
        for _ in range(NEWTON_STEPS):
            rows = self._rows.terms(self._spread(shifts, modes))
            curvature = 1.0 - self.sd**2 * self._sum(rows.bend)
            step = (self.sd * self._sum(rows.slope) - modes) / curvature
            modes += np.clip(step, -LARGEST_STEP, LARGEST_STEP)
            if float(np.abs(step).max(initial=0.0)) < INNER_MODE_ENOUGH:
                break
        return modes, curvature, rows

    @property
    def _rows(self) -> Units:
        assert self.rows is not None
        return self.rows

    def _spread(self, shifts: Floats, effect: Floats) -> Floats:
        """Hand each person's shift and effect down to the person's rows."""
        return np.asarray((shifts + self.sd * effect)[self.codes][self.back])

    def _sum(self, values: Floats) -> Floats:
        return np.asarray(np.add.reduceat(values[self.order], self.starts, axis=0))
