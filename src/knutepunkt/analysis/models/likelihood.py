"""What is the profiled (REML) deviance of a linear mixed model, given what a solver reduced?

Every solver answers one question: with H = I + Z Lambda Lambda' Z' (the covariance of the outcome
divided by the residual variance), what are log|H| and [X y]' H^-1 [X y]? All else follows here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import linalg

from knutepunkt.analysis.models.arrays import Floats
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

LOG_2PI = math.log(2.0 * math.pi)


@dataclass(frozen=True)
class Reduction:
    """What is left of the data at one theta.

    Attributes:
        logdet: log|H|.
        cross: [X y]' H^-1 [X y], shape (p + 1, p + 1).
    """

    logdet: float
    cross: Floats


class Solver(Protocol):
    """Anything that can reduce its data at a theta."""

    n_rows: int
    n_fixed: int
    n_theta: int

    def reduce(self, theta: Floats) -> Reduction:
        """Return log|H| and [X y]' H^-1 [X y] at the relative covariance factor ``theta``."""
        ...


@dataclass(frozen=True)
class Profile:
    """The profiled solution at one theta.

    Attributes:
        beta: generalised least squares coefficients, shape (p,).
        rss: penalised residual sum of squares r^2.
        logdet: log|H|.
        logdet_x: log|X' H^-1 X|.
        precision: X' H^-1 X, shape (p, p).
    """

    beta: Floats
    rss: float
    logdet: float
    logdet_x: float
    precision: Floats


def profile_at(solver: Solver, theta: Floats) -> Profile:
    """Profile the fixed effects and the residual variance out at ``theta``.

    With C = [X y]' H^-1 [X y] and its Cholesky factor L, beta = L_xx'^-1 l_xy and r^2 = l_yy^2.

    Raises:
        ModelRefusal: ``collinear_columns`` if X' H^-1 X is not positive definite.
    """
    reduction = solver.reduce(theta)
    p = solver.n_fixed
    cross = reduction.cross
    precision = cross[:p, :p]
    if p == 0:
        return Profile(np.zeros(0), float(cross[0, 0]), reduction.logdet, 0.0, precision)
    try:
        factor = linalg.cholesky(precision, lower=True, check_finite=False)
    except linalg.LinAlgError as error:
        raise ModelRefusal(
            RefusalCode.COLLINEAR_COLUMNS, "the fixed effects are not linearly independent"
        ) from error
    half = linalg.solve_triangular(factor, cross[:p, p], lower=True, check_finite=False)
    beta = linalg.solve_triangular(factor, half, lower=True, trans="T", check_finite=False)
    rss = float(cross[p, p] - half @ half)
    logdet_x = 2.0 * float(np.sum(np.log(np.diag(factor))))
    return Profile(beta, rss, reduction.logdet, logdet_x, precision)


def criterion_of(profile: Profile, n_rows: int, *, reml: bool) -> float:
    """Return -2 log-likelihood (ML) or the REML criterion of a profiled solution, as lme4 does.

    ML: log|H| + n (1 + log(2 pi r^2 / n)). REML: log|H| + log|X'H^-1 X| + (n-p)(1 + log(2 pi
    r^2 / (n - p))). Source: Bates, Maechler, Bolker and Walker (2015), equations 34 and 41.
    Returns infinity where r^2 is not positive.
    """
    if not profile.rss > 0.0:
        return math.inf
    free = n_rows - profile.beta.size if reml else n_rows
    value = profile.logdet + free * (1.0 + LOG_2PI + math.log(profile.rss / free))
    return value + profile.logdet_x if reml else value


def deviance(solver: Solver, theta: Floats, *, reml: bool) -> float:
    """Return the profiled criterion at ``theta``; see :func:`criterion_of`."""
    return criterion_of(profile_at(solver, theta), solver.n_rows, reml=reml)
