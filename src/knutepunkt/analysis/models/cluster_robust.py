"""How sure is a least squares estimate when rows in one group resemble each other?

Sandwich estimators with the definitions of clubSandwich (Pustejovsky and Tipton 2018), working
model identity. Everything follows from sums per cluster, so no row is needed: in orthonormal
columns, with E_j = X_j'X_j, the adjusted score of CR2 is (I - E_j)^(+1/2 inverse) X_j'e_j.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg

from knutepunkt.analysis.models.arrays import Floats, symmetric
from knutepunkt.analysis.models.inference import Estimate, t_estimate
from knutepunkt.analysis.models.kenward_roger import FTest
from knutepunkt.analysis.models.moments import GroupMoments
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

COLLINEAR_BELOW = 1e-9
NULL_BELOW = 1e-10


class Sandwich(StrEnum):
    """Which correction: none, G / (G - 1), or unbiased under the working model."""

    CR0 = "cr0"
    CR1 = "cr1"
    CR2 = "cr2"


@dataclass(frozen=True)
class ClusterRobust:
    """Least squares with cluster-robust covariance.

    Attributes:
        names: names of the p effects.
        beta: estimates, shape (p,).
        vcov: covariance, shape (p, p).
        kind: which sandwich.
        n_clusters, n_rows: how much it rests on.
        back: inner columns to named ones, shape (p, p).
        own: X_j'A_j'A_j X_j per cluster in inner columns, shape (G, p, p).
        pulled: X_j'A_j X_j per cluster, shape (G, p, p).
    """

    names: tuple[str, ...]
    beta: Floats
    vcov: Floats
    kind: Sandwich
    n_clusters: int
    n_rows: int
    back: Floats
    own: Floats
    pulled: Floats

    def df(self, contrast: ArrayLike) -> float:
        """Return Satterthwaite degrees of freedom of one contrast under the working model.

        With P_jk = [j = k] a_j'a_j - b_j'b_k: df = (sum_j P_jj)^2 / sum_jk P_jk^2.
        """
        inner = np.asarray(contrast, dtype=np.float64) @ self.back
        squares = np.einsum("i,gij,j->g", inner, self.own, inner)
        pulls = self.pulled @ inner
        lengths = np.einsum("gi,gi->g", pulls, pulls)
        cross = pulls.T @ pulls
        below = float(squares @ squares - 2.0 * squares @ lengths + np.sum(cross * cross))
        above = float(np.sum(squares - lengths))
        if not (below > 0.0 and above > 0.0):
            raise ModelRefusal(
                RefusalCode.NOT_ESTIMABLE, "the clusters say nothing of the contrast"
            )
        return above**2 / below

    def estimate(self, contrast: ArrayLike, *, name: str = "", level: float = 0.95) -> Estimate:
        """Return the estimate of one contrast, shape (p,), with a t interval."""
        row = np.asarray(contrast, dtype=np.float64)
        # Where nothing is left over the variance is zero, or a rounding error below it.
        se = float(np.sqrt(max(float(row @ self.vcov @ row), 0.0))) or math.nan
        return t_estimate(
            name, float(row @ self.beta), se, self.df(row), level=level, method=self.kind.value
        )

    def test(self, contrast: ArrayLike) -> FTest:
        """Test that q contrasts, shape (q, p), are all zero by Hotelling's T squared (HTZ).

        With the contrasts turned so that the robust covariance D has the identity for expectation,
        eta = q (q + 1) / sum_ab var(D_ab) matches a Wishart distribution, and
        F = (eta - q + 1) / (eta q) times Wald's statistic has q and eta - q + 1 degrees of freedom.
        With one contrast this is the square of t.

        Raises:
            ModelRefusal: ``bad_shape``, and ``not_estimable`` where the contrasts depend on each
                other or the clusters are too few for so many.
        Source: Pustejovsky and Tipton (2018), J Business and Economic Statistics 36, 672-683.
        """
        rows = np.atleast_2d(np.asarray(contrast, dtype=np.float64))
        q = rows.shape[0]
        if rows.shape[1] != self.beta.size:
            raise ModelRefusal(RefusalCode.BAD_SHAPE, f"a contrast needs {self.beta.size} weights")
        turned = self._standardised((rows @ self.back).T)
        eta = q * (q + 1) / self._total_variance(turned)
        if not eta > q - 1:
            raise ModelRefusal(
                RefusalCode.NOT_ESTIMABLE, "the clusters are too few for so many hypotheses"
            )
        gap = rows @ self.beta
        wald = float(gap @ np.linalg.solve(rows @ self.vcov @ rows.T, gap))
        scaling = (eta - q + 1) / eta
        return FTest(scaling * wald / q, q, eta - q + 1, scaling)

    def _parts(self, columns: Floats) -> tuple[Floats, Floats]:
        """Return a_j'a_j and b_j'b_j of each cluster for contrasts (p, q), shape (G, q, q)."""
        pulls = self.pulled @ columns
        return np.swapaxes(columns.T @ self.own @ columns, 1, 2), np.swapaxes(pulls, 1, 2) @ pulls

    def _standardised(self, columns: Floats) -> Floats:
        own, pulled = self._parts(columns)
        values, vectors = np.linalg.eigh(symmetric((own - pulled).sum(axis=0)))
        if not values[0] > NULL_BELOW * values[-1]:
            raise ModelRefusal(RefusalCode.NOT_ESTIMABLE, "the hypotheses are not independent")
        turned: Floats = columns @ (vectors / np.sqrt(values))
        return turned

    def _total_variance(self, columns: Floats) -> float:
        """Return sum_ab var(D_ab): with P_jk as in :meth:`df`, sum_jk ||P_jk||^2 + tr(P_jk)^2."""
        own, pulled = self._parts(columns)
        pulls = self.pulled @ columns
        crossed = np.einsum("gia,gjb->abij", pulls, pulls)
        apart = np.einsum("abij,abji->", crossed, crossed) + np.sum(crossed**2)
        same = np.sum((own - pulled) ** 2 - pulled**2)
        traces = np.trace(own - pulled, axis1=1, axis2=2), np.trace(pulled, axis1=1, axis2=2)
        return float(apart + same + traces[0] @ traces[0] - traces[1] @ traces[1])


@dataclass(frozen=True)
class InnerClusters:
    """Least squares from sums per cluster, in orthonormal columns.

    Attributes:
        within: E_j = X_j'X_j, summing to the identity, shape (G, p, p).
        scores: X_j'e_j, summing to zero, shape (G, p).
        back: inner columns to named ones, shape (p, p).
        beta: named estimates, shape (p,).
    """

    within: Floats
    scores: Floats
    back: Floats
    beta: Floats


def inner_clusters(moments: GroupMoments) -> InnerClusters:
    """Fit least squares and keep what each cluster contributes.

    Raises:
        ModelRefusal: ``too_few_groups``, ``too_few_rows`` or ``collinear_columns``.
    """
    if moments.n_groups < 2:
        raise ModelRefusal(RefusalCode.TOO_FEW_GROUPS, "a sandwich needs two clusters")
    if moments.n_rows <= len(moments.names):
        raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, f"{moments.n_rows} rows")
    xx, xy = moments.xx.sum(axis=0), moments.xy.sum(axis=0)
    scale = np.sqrt(np.diag(xx))
    if (scale == 0.0).any() or np.linalg.eigvalsh(xx / np.outer(scale, scale))[0] < COLLINEAR_BELOW:
        raise ModelRefusal(RefusalCode.COLLINEAR_COLUMNS, ", ".join(moments.names))
    inverse = linalg.solve_triangular(linalg.cholesky(xx), np.eye(xx.shape[0]))
    ols = inverse @ (inverse.T @ xy)
    within = symmetric(inverse.T @ moments.xx @ inverse)
    scores = (moments.xy - moments.xx @ ols) @ inverse
    centre = np.eye(xx.shape[0])
    centre[0] -= moments.x_origin
    beta = centre @ ols
    beta[0] += moments.y_origin
    return InnerClusters(within, scores, centre @ inverse, beta)


def cluster_robust(moments: GroupMoments, kind: Sandwich = Sandwich.CR2) -> ClusterRobust:
    """Fit least squares from sums per cluster with a cluster-robust covariance.

    V = sum_j s_j s_j' in orthonormal columns, s_j = R_j X_j'e_j; R_j is the identity (CR0),
    sqrt(G / (G - 1)) times it (CR1), or the inverse root of I - E_j, zero where that is
    singular (CR2).

    Raises:
        ModelRefusal: ``too_few_groups``, ``too_few_rows`` or ``collinear_columns``.
    """
    inner = inner_clusters(moments)
    roots = adjustments(inner.within, kind)
    adjusted = np.einsum("gij,gj->gi", roots, inner.scores)
    back = inner.back
    return ClusterRobust(
        names=moments.names,
        beta=inner.beta,
        vcov=symmetric(back @ (adjusted.T @ adjusted) @ back.T),
        kind=kind,
        n_clusters=moments.n_groups,
        n_rows=moments.n_rows,
        back=back,
        own=roots @ inner.within @ roots,
        pulled=roots @ inner.within,
    )


def adjustments(within: Floats, kind: Sandwich) -> Floats:
    """Return R_j of each cluster from E_j, shape (G, p, p)."""
    n_clusters, p = within.shape[:2]
    if kind is Sandwich.CR2:
        values, vectors = np.linalg.eigh(np.eye(p) - within)
        kept = values > NULL_BELOW
        roots = np.where(kept, 1.0 / np.sqrt(np.where(kept, values, 1.0)), 0.0)
        turned: Floats = (vectors * roots[:, None, :]) @ np.swapaxes(vectors, 1, 2)
        return turned
    size = np.sqrt(n_clusters / (n_clusters - 1.0)) if kind is Sandwich.CR1 else 1.0
    return np.broadcast_to(size * np.eye(p), within.shape)
