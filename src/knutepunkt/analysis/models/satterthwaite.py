"""How many degrees of freedom does a contrast have by Satterthwaite's approximation?

Source: Kuznetsova, Brockhoff and Christensen (2017), lmerTest; Fai and Cornelius (1996) for F.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from knutepunkt.analysis.models.arrays import Floats, symmetric
from knutepunkt.analysis.models.derivatives import jacobian_and_hessian
from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.kenward_roger import FTest
from knutepunkt.analysis.models.likelihood import profile_at
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

CURVED_ABOVE = 1e-8
EQUAL_WITHIN = 1e-8


@dataclass(frozen=True)
class Satterthwaite:
    """What the approximation needs, in the solver's inner columns.

    Attributes:
        vcov: covariance of the fixed effects, shape (p, p).
        slopes: its derivatives in (theta, log sigma), shape (m + 1, p, p).
        spread: asymptotic covariance of (theta, log sigma), shape (m + 1, m + 1).
    """

    vcov: Floats
    slopes: Floats
    spread: Floats

    def df(self, contrast: Floats) -> float:
        """Return 2 v^2 / (g' A g) for one contrast, shape (p,), with v = c'Vc, g its slopes."""
        row = np.ravel(contrast)
        variance = float(row @ self.vcov @ row)
        slopes = np.einsum("i,rij,j->r", row, self.slopes, row)
        below = float(slopes @ self.spread @ slopes)
        if not below > 0.0:
            raise ModelRefusal(RefusalCode.NOT_ESTIMABLE, "the variance of the contrast is fixed")
        return 2.0 * variance**2 / below


def satterthwaite(fit: MixedFit, *, even_if_singular: bool = False) -> Satterthwaite:
    """Prepare Satterthwaite's approximation at the estimates of ``fit``.

    The spread of (theta, log sigma) is twice the inverse Hessian of the criterion; directions
    without curvature are left out, as in lmerTest. Sigma enters by its logarithm and curvature is
    judged parameter by parameter, so that the units of the outcome do not matter.

    Raises:
        ModelRefusal: ``singular_fit`` where a variance is zero, because the approximation then
            takes that variance for known; ``even_if_singular`` is for comparison with other
            programs, not for reports.
    """
    if fit.singular and not even_if_singular:
        raise ModelRefusal(RefusalCode.SINGULAR_FIT, "use Kenward-Roger on singular fits")
    solver, theta, p = fit.solver, fit.inner_theta, len(fit.names)
    free = fit.n_rows - p if fit.reml else fit.n_rows

    def described(point: Floats) -> Floats:
        profile = profile_at(solver, point)
        logdet = profile.logdet + (profile.logdet_x if fit.reml else 0.0)
        inverse = np.linalg.inv(profile.precision)
        return np.concatenate([[logdet, profile.rss], inverse.ravel()])

    first, second = jacobian_and_hessian(described, theta)
    centre = described(theta)
    rss, inverse = centre[1], centre[2:].reshape(p, p)
    sigma2, m = fit.sigma**2, theta.size
    hessian = np.empty((m + 1, m + 1))
    hessian[:m, :m] = second[:, :, 0] + second[:, :, 1] / sigma2
    hessian[:m, m] = hessian[m, :m] = -2.0 * first[:, 1] / sigma2
    hessian[m, m] = -2.0 * free + 6.0 * rss / sigma2
    slopes = np.empty((m + 1, p, p))
    slopes[:m] = sigma2 * first[:, 2:].reshape(m, p, p)
    slopes[m] = 2.0 * sigma2 * inverse
    return Satterthwaite(sigma2 * inverse, slopes, 2.0 * _inverse_where_curved(hessian))


def _inverse_where_curved(hessian: Floats) -> Floats:
    bends = np.diag(hessian)
    scale = np.sqrt(np.where(bends > 0.0, bends, 1.0))
    values, vectors = np.linalg.eigh(symmetric(hessian) / np.outer(scale, scale))
    curved = values > CURVED_ABOVE * float(values.max())
    kept = vectors[:, curved] / scale[:, None]
    inverse: Floats = (kept / values[curved]) @ kept.T
    return inverse


def f_test(prepared: Satterthwaite, contrast: Floats, gap: Floats) -> FTest:
    """Test q hypotheses by Fai and Cornelius' F: independent one-dimensional tests, pooled.

    Args:
        contrast: hypotheses in inner columns, shape (q, p).
        gap: how far the estimates lie from the hypotheses, shape (q,).
    """
    rows = np.atleast_2d(contrast)
    covariance = symmetric(rows @ prepared.vcov @ rows.T)
    values, vectors = np.linalg.eigh(covariance)
    # Rank is judged on correlations, so that a squared age does not look dependent by its units.
    sizes = np.sqrt(np.maximum(np.diag(covariance), 1e-300))
    relative = np.linalg.eigvalsh(covariance / np.outer(sizes, sizes))
    if not relative[0] > 1e-12 * relative[-1]:
        raise ModelRefusal(RefusalCode.NOT_ESTIMABLE, "the hypotheses are not independent")
    turned = vectors.T @ rows
    statistic = float(np.mean((vectors.T @ gap) ** 2 / values))
    each = np.array([prepared.df(row) for row in turned])
    return FTest(statistic, rows.shape[0], pooled_df(each), 1.0)


def pooled_df(each: Floats) -> float:
    """Pool the degrees of freedom of independent tests: 2E / (E - q), E = sum nu / (nu - 2)."""
    if each.size == 1 or np.ptp(each) < EQUAL_WITHIN:
        return float(each.mean())
    if not (each > 2.0).all():
        return 2.0
    expected = float(np.sum(each / (each - 2.0)))
    return 2.0 * expected / (expected - each.size)
