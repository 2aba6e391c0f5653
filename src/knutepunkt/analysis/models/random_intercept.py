"""How much do groups differ, and what is the mean, from sums per group alone?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg, optimize

from knutepunkt.analysis.distributions import chi2_quantile
from knutepunkt.analysis.models.arrays import Floats
from knutepunkt.analysis.models.fit import (
    SINGULAR_BELOW,
    Coordinates,
    InferentialSolver,
    MixedFit,
    VarianceTerm,
    assembled,
)
from knutepunkt.analysis.models.kenward_roger import KenwardRogerParts
from knutepunkt.analysis.models.likelihood import Reduction, deviance
from knutepunkt.analysis.models.moments import GroupMoments
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

# Variance ratios tried before refining: from a variance nobody could see to almost no residual.
LARGEST_RATIO = 1e8
RATIOS = np.concatenate([[0.0], np.geomspace(1e-6, LARGEST_RATIO, 57)])
COLLINEAR_BELOW = 1e-9


class InterceptSolver(InferentialSolver):
    """Reduces group sums; groups of equal size are folded together, so cost is by distinct size.

    With d = 1 / (1 + theta^2 n): log|H| = -sum log d and C = A - sum theta^2 d s s'.
    """

    def __init__(self, sizes: Floats, multiplicity: Floats, folded: Floats, total: Floats) -> None:
        self.sizes = sizes
        self.multiplicity = multiplicity
        self.folded = folded
        self.total = total
        self.n_rows = round(float(sizes @ multiplicity))
        self.n_fixed = total.shape[0] - 1
        self.n_theta = 1

    def reduce(self, theta: Floats) -> Reduction:
        """Return log|H| and [X y]' H^-1 [X y] at theta, shape (1,)."""
        ratio = float(theta[0]) ** 2
        logdet = float(self.multiplicity @ np.log1p(ratio * self.sizes))
        weight = ratio / (1.0 + ratio * self.sizes)
        return Reduction(logdet, self.total - np.tensordot(weight, self.folded, 1))

    def slopes(self, ratios: Floats, *, reml: bool) -> Floats:
        """Return the derivative of the profiled criterion in the variance ratio theta^2.

        Args:
            ratios: where, shape (R,); the answer has the same shape.
            reml: of the REML criterion, or of the ML deviance.

        Minus infinity where nothing is left to the residual.
        """
        p = self.n_fixed
        d = 1.0 / (1.0 + ratios[:, None] * self.sizes)
        cross = self.total - np.tensordot(ratios[:, None] * d, self.folded, 1)
        moved = -np.tensordot(d * d, self.folded, 1)
        beta = np.linalg.solve(cross[:, :p, :p], cross[:, :p, p:])[:, :, 0]
        residual = np.concatenate([-beta, np.ones((ratios.size, 1))], axis=1)
        rss = np.einsum("ri,rij,rj->r", residual, cross, residual)
        left = rss > 0.0
        free = self.n_rows - p if reml else self.n_rows
        change = np.einsum("ri,rij,rj->r", residual, moved, residual)
        slopes = d @ (self.multiplicity * self.sizes) + free * change / np.where(left, rss, 1.0)
        if reml and p:
            solved = np.linalg.solve(cross[:, :p, :p], moved[:, :p, :p])
            slopes += np.trace(solved, axis1=1, axis2=2)
        return np.where(left, slopes, -np.inf)

    def kenward_roger_parts(self, theta: Floats, sigma2: float) -> KenwardRogerParts:
        """Return the ingredients in closed form: 1 is an eigenvector of every group's V."""
        ratio, p = float(theta[0]) ** 2, self.n_fixed
        d = 1.0 / (1.0 + ratio * self.sizes)
        folded, total = self.folded[:, :p, :p], self.total[:p, :p]

        def summed(weight: Floats) -> Floats:
            return np.tensordot(weight, folded, 1)

        within = total - summed(1.0 / self.sizes)
        phi: Floats = np.asarray(sigma2 * np.linalg.inv(total - summed(ratio * d)))
        p_r = -np.stack([summed(d**2), within + summed(d**2 / self.sizes)]) / sigma2**2
        q_01 = summed(d**3)
        q_00 = within + summed(d**3 / self.sizes)
        q = np.array([[summed(self.sizes * d**3), q_01], [q_01, q_00]]) / sigma2**3
        count = self.multiplicity
        cross = float(count @ (self.sizes * d**2))
        own = float(count @ (self.sizes**2 * d**2))
        rest = float(count @ (self.sizes - 1.0 + d**2))
        trace = np.array([[own, cross], [cross, rest]]) / sigma2**2
        return KenwardRogerParts(phi, p_r, q, trace)


@dataclass(frozen=True)
class Interval:
    """An interval and the confidence level it was made for."""

    low: float
    high: float
    level: float


@dataclass(frozen=True)
class RandomIntercept:
    """A random-intercept model fitted from sums per group.

    Attributes:
        fit: fixed effects, variances, criterion; see :class:`MixedFit`.
        icc: share of the variance that lies between groups.
        design_effect: 1 + (m - 1) icc with m = sum n^2 / sum n (Kish), the variance of a mean
            over that of a simple random sample.
        n_groups: number of groups.
        level: confidence level of ``icc_interval``.
    """

    fit: MixedFit
    icc: float
    design_effect: float
    n_groups: int
    level: float

    @cached_property
    def icc_interval(self) -> Interval:
        """Profile likelihood interval of ``icc``; found when it is asked for, as it takes time."""
        solver = self.fit.solver
        assert isinstance(solver, InterceptSolver)
        ratio = float(self.fit.inner_theta[0]) ** 2
        return _ratio_interval(solver, ratio, self.level, reml=self.fit.reml)


def fit_random_intercept(
    moments: GroupMoments, *, reml: bool = True, level: float = 0.95, group: str = "group"
) -> RandomIntercept:
    """Fit y = X beta + u_group + e from sums per group, exactly as from the rows.

    The criterion is profiled to one dimension, the variance ratio; its derivative is in closed
    form, all its sign changes over 14 decades are refined, and the lowest minimum is taken, the
    boundary zero included.

    Raises:
        ModelRefusal: ``no_variance``, ``collinear_columns``, ``too_few_groups``,
            ``one_row_per_group``, ``too_few_rows`` or ``no_residual_variance``.
    """
    _checked(moments)
    solver, coordinates = _prepared(moments)
    ratio = best_ratio(solver, reml=reml)
    theta = np.array([math.sqrt(ratio)])
    term = VarianceTerm(group, ("(Intercept)",), np.array([[ratio]]), moments.n_groups)
    singular = bool(theta[0] < SINGULAR_BELOW)
    fit = assembled(
        solver, theta, coordinates, moments.names, (term,), reml=reml, singular=singular
    )
    icc = ratio / (1.0 + ratio)
    size = float(moments.n @ moments.n) / moments.n_rows
    return RandomIntercept(fit, icc, 1.0 + (size - 1.0) * icc, moments.n_groups, level)


def _checked(moments: GroupMoments) -> None:
    p = len(moments.names)
    if moments.n_groups < 2:
        raise ModelRefusal(RefusalCode.TOO_FEW_GROUPS, "a variance between groups needs two groups")
    if moments.n.max() < 2:
        raise ModelRefusal(RefusalCode.ONE_ROW_PER_GROUP, "no group has two rows")
    if moments.n_rows <= p + 1:
        raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, f"{moments.n_rows} rows for {p} effects")
    parts = (moments.xx, moments.xy, moments.yy)
    if not all(np.isfinite(part).all() for part in parts):
        raise ModelRefusal(RefusalCode.NOT_FINITE, "a sum is missing or infinite")


def _prepared(moments: GroupMoments) -> tuple[InterceptSolver, Coordinates]:
    """Move to orthonormal columns and ordinary least squares residuals."""
    xx, xy = moments.xx.sum(axis=0), moments.xy.sum(axis=0)
    scale = np.sqrt(np.diag(xx))
    if (scale == 0.0).any() or np.linalg.eigvalsh(xx / np.outer(scale, scale))[0] < COLLINEAR_BELOW:
        raise ModelRefusal(RefusalCode.COLLINEAR_COLUMNS, ", ".join(moments.names))
    upper = linalg.cholesky(xx)
    inverse = linalg.solve_triangular(upper, np.eye(xx.shape[0]))
    ols = inverse @ (inverse.T @ xy)
    rss = float(moments.yy.sum() - xy @ ols)
    n_rows, mean = moments.n_rows, xy[0] / moments.n_rows
    spread = float(moments.yy.sum()) - n_rows * mean**2
    # Sums of squares keep half the digits; what was subtracted before squaring keeps all.
    if spread <= 1e-14 * float(moments.yy.sum()) + 1e-24 * n_rows * moments.y_origin**2:
        raise ModelRefusal(RefusalCode.NO_VARIANCE, "the outcome is constant")
    if rss <= 1e-12 * spread:
        raise ModelRefusal(RefusalCode.NO_RESIDUAL_VARIANCE, "the predictors explain everything")
    sums_x = moments.xx[:, 0, :]
    sums_y = moments.xy[:, 0] - sums_x @ ols
    sums = np.column_stack([sums_x @ inverse, sums_y])
    total = np.eye(xx.shape[0] + 1)
    total[-1, -1] = rss
    solver = intercept_solver(moments.n, sums, total)
    back = np.eye(xx.shape[0])
    back[0] -= moments.x_origin
    shift = back @ ols
    shift[0] += moments.y_origin
    return solver, Coordinates(back @ inverse, shift)


def intercept_solver(n: Floats, sums: Floats, total: Floats) -> InterceptSolver:
    """Return the solver of rows per group (G,), sums of [X y] per group (G, p + 1), and [X y]'[X y]."""
    return InterceptSolver(*_folded(n, sums), total)


def _folded(n: Floats, sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Add s s' over groups of equal size: distinct sizes, how many, and the added products."""
    order = np.argsort(n, kind="stable")
    sizes, starts, counts = np.unique(n[order], return_index=True, return_counts=True)
    ordered = sums[order]
    products = ordered[:, :, None] * ordered[:, None, :]
    return sizes, counts.astype(np.float64), np.add.reduceat(products, starts, axis=0)


def best_ratio(solver: InterceptSolver, *, reml: bool) -> float:
    """Return the variance ratio theta^2 of the least criterion, the boundary zero included.

    Raises:
        ModelRefusal: ``no_residual_variance`` or ``not_converged``.
    """
    slopes = solver.slopes(RATIOS, reml=reml)
    if slopes[-1] < 0.0:
        raise ModelRefusal(RefusalCode.NO_RESIDUAL_VARIANCE, "nothing varies within groups")
    candidates = [0.0] if slopes[0] >= 0.0 else []
    for low, high, before, after in zip(RATIOS, RATIOS[1:], slopes, slopes[1:], strict=False):
        if before < 0.0 <= after:
            root = optimize.brentq(
                lambda ratio: solver.slopes(np.array([ratio]), reml=reml)[0],
                low,
                high,
                xtol=1e-15,
                rtol=1e-13,
            )
            candidates.append(float(root))
    if not candidates:
        raise ModelRefusal(RefusalCode.NOT_CONVERGED, "the criterion has no minimum")
    return min(candidates, key=lambda ratio: _criterion(solver, ratio, reml=reml))


def _criterion(solver: InterceptSolver, ratio: float, *, reml: bool) -> float:
    return deviance(solver, np.array([math.sqrt(ratio)]), reml=reml)


def _ratio_interval(solver: InterceptSolver, best: float, level: float, *, reml: bool) -> Interval:
    """Return the ICCs whose profiled criterion lies within chi-square(1) of the least."""
    limit = _criterion(solver, best, reml=reml) + float(chi2_quantile(level, 1))

    def excess(icc: float) -> float:
        return _criterion(solver, icc / (1.0 - icc), reml=reml) - limit

    icc, top = best / (1.0 + best), LARGEST_RATIO / (1.0 + LARGEST_RATIO)
    low = optimize.brentq(excess, 0.0, icc, xtol=1e-10) if icc > 0 and excess(0.0) > 0 else 0.0
    high = optimize.brentq(excess, icc, top, xtol=1e-10) if excess(top) > 0 else 1.0
    return Interval(float(low), float(high), level)
