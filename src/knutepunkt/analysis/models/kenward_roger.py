"""How many degrees of freedom does a contrast have after Kenward and Roger's correction?

Source: Kenward and Roger (1997), Biometrics 53, 983-997, with the conventions of pbkrtest
(Halekoh and Hojsgaard 2014): V is linear in its parameters, all variances and covariances
included, also those estimated as zero. That is why it holds on singular fits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from knutepunkt.analysis.models.arrays import Floats, symmetric
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

NEARLY_ZERO = 1e-10


@dataclass(frozen=True)
class KenwardRogerParts:
    """What the correction needs of X, V and V's derivatives G_r (r of them, residual included).

    Attributes:
        phi: (X'V^-1 X)^-1, shape (p, p).
        p: -X'V^-1 G_r V^-1 X, shape (r, p, p).
        q: symmetric part of X'V^-1 G_r V^-1 G_s V^-1 X, shape (r, r, p, p).
        trace: tr(V^-1 G_r V^-1 G_s), shape (r, r).
    """

    phi: Floats
    p: Floats
    q: Floats
    trace: Floats


@dataclass(frozen=True)
class KenwardRoger:
    """The corrected covariance of the fixed effects and what degrees of freedom need.

    Attributes:
        vcov: adjusted covariance, shape (p, p).
        phi: the unadjusted one.
        p: see :class:`KenwardRogerParts`.
        w: covariance of the variance parameters, shape (r, r).
    """

    vcov: Floats
    phi: Floats
    p: Floats
    w: Floats


@dataclass(frozen=True)
class FTest:
    """An F test of q linear hypotheses.

    Attributes:
        statistic: F, scaled where the method scales.
        df1: rank q of the hypotheses.
        df2: denominator degrees of freedom.
        scaling: Kenward-Roger's factor on F; 1 for Satterthwaite.
    """

    statistic: float
    df1: int
    df2: float
    scaling: float


def adjusted(parts: KenwardRogerParts) -> KenwardRoger:
    """Correct the covariance of the fixed effects for having estimated V.

    I_rs = tr_rs - 2 tr(Phi Q_rs) + tr(Phi P_r Phi P_s); W = 2 I^-1;
    Phi_A = Phi + 2 Phi [sum_rs W_rs (Q_rs - P_r Phi P_s)] Phi.
    """
    phi, p = parts.phi, parts.p
    information = (
        parts.trace
        - 2.0 * np.einsum("ij,rsji->rs", phi, parts.q)
        + np.einsum("ij,rjk,kl,sli->rs", phi, p, phi, p, optimize=True)
    )
    information = symmetric(information)
    # A scale-free test of rank, so that large units do not look degenerate or small ones sound.
    scale = np.sqrt(np.abs(np.diag(information)))
    scale = np.where(scale > 0.0, scale, 1.0)
    relative = information / np.outer(scale, scale)
    smallest = float(np.min(np.abs(np.linalg.eigvalsh(relative))))
    inverse = np.linalg.inv(relative) if smallest > NEARLY_ZERO else np.linalg.pinv(relative)
    w = 2.0 * symmetric(inverse / np.outer(scale, scale))
    middle = np.einsum("rs,rsij->ij", w, parts.q) - np.einsum(
        "rs,rij,jk,skl->il", w, p, phi, p, optimize=True
    )
    vcov = symmetric(phi + 2.0 * phi @ symmetric(middle) @ phi)
    return KenwardRoger(vcov, phi, p, w)


def _moments(result: KenwardRoger, contrast: Floats) -> tuple[float, float]:
    """Return A1 and A2 of Kenward and Roger (1997), section 3."""
    phi = result.phi
    theta = contrast.T @ np.linalg.solve(contrast @ phi @ contrast.T, contrast)
    u = np.einsum("ij,rjk->rik", theta @ phi, result.p @ phi)
    traces = np.trace(u, axis1=1, axis2=2)
    a1 = float(traces @ result.w @ traces)
    a2 = float(np.einsum("rs,rij,sji->", result.w, u, u))
    return a1, a2


def _ratio(numerator: float, denominator: float) -> float:
    """Divide, with 0/0 read as 1: the limit Kenward and Roger's formula has there."""
    if abs(numerator) < NEARLY_ZERO and abs(denominator) < NEARLY_ZERO:
        return 1.0
    return numerator / denominator if denominator != 0.0 else float("inf")


def denominator(result: KenwardRoger, contrast: Floats) -> tuple[float, float]:
    """Return denominator degrees of freedom and scaling of F for ``contrast``, shape (q, p).

    Raises:
        ModelRefusal: ``not_estimable`` for a contrast without rank or where the moments give no F.
    """
    rows = np.atleast_2d(contrast)
    q = int(np.linalg.matrix_rank(rows))
    if q < rows.shape[0] or q == 0:
        raise ModelRefusal(RefusalCode.NOT_ESTIMABLE, "the hypotheses are not independent")
    a1, a2 = _moments(result, rows)
    if a2 <= 0.0:
        raise ModelRefusal(RefusalCode.NOT_ESTIMABLE, "the variance of the contrast is not moved")
    b = (a1 + 6.0 * a2) / (2.0 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    below = 3.0 * q + 2.0 * (1.0 - g)
    c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
    v0, v1, v2 = 1.0 + c1 * b, 1.0 - c2 * b, 1.0 - c3 * b
    if abs(v0) < NEARLY_ZERO:
        v0 = 0.0
    rho = _ratio(1.0 - a2 / q, v1) ** 2 * v0 / (v2 * q)
    df2 = 4.0 + (q + 2) / (q * rho - 1.0)
    if not df2 > 0.0:
        raise ModelRefusal(
            RefusalCode.NOT_ESTIMABLE, "the corrected moments give no F distribution"
        )
    scaling = 1.0 if abs(df2 - 2.0) < 1e-2 else df2 * (1.0 - a2 / q) / (df2 - 2.0)
    return df2, scaling


def f_test(
    result: KenwardRoger, contrast: Floats, beta: Floats, null: Floats | None = None
) -> FTest:
    """Test contrast @ beta = null (zero if not given) by the scaled F of Kenward and Roger."""
    rows = np.atleast_2d(contrast)
    df2, scaling = denominator(result, rows)
    gap = rows @ beta - (np.zeros(rows.shape[0]) if null is None else null)
    wald = float(gap @ np.linalg.solve(rows @ result.vcov @ rows.T, gap))
    return FTest(scaling * wald / rows.shape[0], rows.shape[0], df2, scaling)
