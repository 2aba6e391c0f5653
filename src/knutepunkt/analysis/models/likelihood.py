"""What is the profiled (REML) deviance of a linear mixed model, given what a solver reduced?

Every solver answers one question: with H = I + Z Lambda Lambda' Z' (the covariance of the outcome
divided by the residual variance), what are log|H| and [X y]' H^-1 [X y]? All else follows here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from knutepunkt.analysis.models.arrays import Floats

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
    r^2 is 0 where C is not positive definite to the digits of the machine.
    """
    return profile_of(solver.reduce(theta), solver.n_fixed)


def profile_of(reduction: Reduction, p: int) -> Profile:
    """Profile a reduction with ``p`` fixed effects; see :func:`profile_at`."""
    cross = reduction.cross
    precision = cross[:p, :p]
    try:
        factor = np.linalg.cholesky(cross)
    except np.linalg.LinAlgError:
        # Dependent columns are refused before any search, so the outcome is explained in full.
        return Profile(np.zeros(p), 0.0, reduction.logdet, 0.0, precision)
    upper = factor[:p, :p].T
    beta = np.linalg.solve(upper, factor[p, :p]) if p else np.zeros(0)
    logdet_x = 2.0 * float(np.log(np.diag(upper)).sum())
    return Profile(beta, float(factor[p, p]) ** 2, reduction.logdet, logdet_x, precision)


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


def adjoint_of(profile: Profile, n_rows: int, *, reml: bool) -> Floats:
    """Return the derivative of the criterion in C = [X y]' H^-1 [X y], shape (p + 1, p + 1).

    r^2 moves by [-beta; 1]' dC [-beta; 1], log|C_xx| by tr(C_xx^-1 dC_xx).
    """
    p = profile.beta.size
    if not profile.rss > 0.0:
        return np.zeros((p + 1, p + 1))
    residual = np.append(-profile.beta, 1.0)
    free = n_rows - p if reml else n_rows
    adjoint = free / profile.rss * np.outer(residual, residual)
    if reml and p:
        adjoint[:p, :p] += np.linalg.inv(profile.precision)
    return adjoint
