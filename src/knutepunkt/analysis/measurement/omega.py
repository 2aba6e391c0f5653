"""How much of a scale's variance is one common factor?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize

from knutepunkt.analysis.distributions import normal_quantile, t_quantile
from knutepunkt.analysis.measurement.arrays import Floats, group_labels, group_places, matrix
from knutepunkt.analysis.measurement.intervals import Interval
from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode
from knutepunkt.analysis.measurement.reliability import LEAST_N, MissingPolicy, covariance

SMALLEST_UNIQUENESS = 0.005  # of an item's variance; a fit that stops here is a Heywood case


@dataclass(frozen=True)
class Omega:
    """McDonald's omega of one factor by maximum likelihood, with a robust interval.

    `omega` divides by the variance the model implies, `omega_observed` by the one observed.
    `heywood`: an item's own variance went to its bound, so the interval is withheld (None).
    """

    omega: float
    omega_observed: float
    interval: Interval | None
    loadings: tuple[float, ...]
    uniquenesses: tuple[float, ...]
    n: int
    heywood: bool


@dataclass(frozen=True)
class OneFactor:
    """Loadings and uniquenesses (k,) of a one-factor model, in the units of the items."""

    loadings: Floats
    uniquenesses: Floats
    heywood: bool


def one_factor_ml(cov: Floats) -> OneFactor:
    """The one-factor maximum-likelihood fit of a positive definite covariance matrix (k, k).

    Minimises log|LL' + P| + tr(S (LL' + P)^-1) over L (k,) and diagonal P. For given P the best L
    is closed: with the largest eigenvalue t and vector v of P^-1/2 S P^-1/2, L = P^1/2 v sqrt(t-1);
    what is left is minimised over log P. Signs are set so that the loadings sum to 0 or more.
    Raises NOT_CONVERGED, and BAD_ARGUMENT when S is not positive definite or k < 3.
    Source: Joreskog (1967), Psychometrika 32, 443-482.
    """
    if len(cov) < 3 or not (np.diag(cov) > 0).all():
        raise MeasurementRefused("omega", RefusalCode.BAD_ARGUMENT, len(cov))
    sd = np.sqrt(np.diag(cov))
    R = cov / np.outer(sd, sd)
    if np.linalg.eigvalsh(R)[0] <= 1e-10:
        raise MeasurementRefused("omega", RefusalCode.BAD_ARGUMENT, len(cov))

    def discrepancy(log_p: Floats) -> tuple[float, Floats]:
        root = np.exp(log_p / 2)
        values, vectors = np.linalg.eigh(R / np.outer(root, root))
        rest = values[:-1]
        # Only eigenvalues above 1 are explained by a factor; one always is, or none helps.
        top = max(values[-1], 1.0)
        f = float((rest - np.log(rest) - 1).sum())
        f += float(values[-1] - np.log(values[-1]) - 1) if values[-1] < 1 else 0.0
        loadings = root * vectors[:, -1] * np.sqrt(top - 1)
        sigma = np.outer(loadings, loadings) + np.diag(root**2)
        gradient = np.diag(sigma - R) / root**2
        return f, gradient

    start = np.log(np.clip(1 / np.diag(np.linalg.inv(R)) * 0.8, SMALLEST_UNIQUENESS, 1.0))
    bounds = [(np.log(SMALLEST_UNIQUENESS), 0.7)] * len(R)
    found = optimize.minimize(
        discrepancy,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500},
    )
    f, gradient = discrepancy(found.x)
    inner = (found.x > bounds[0][0] + 1e-6) & (found.x < bounds[0][1] - 1e-6)
    if not np.isfinite(f) or np.abs(gradient[inner]).max(initial=0.0) > 1e-5:
        raise MeasurementRefused("omega", RefusalCode.NOT_CONVERGED)
    root = np.exp(found.x / 2)
    values, vectors = np.linalg.eigh(R / np.outer(root, root))
    loadings = root * vectors[:, -1] * np.sqrt(max(values[-1], 1.0) - 1)
    loadings *= 1.0 if loadings.sum() >= 0 else -1.0
    heywood = bool((found.x <= bounds[0][0] + 1e-6).any())
    return OneFactor(loadings * sd, root**2 * sd**2, heywood)


def mcdonald_omega(
    items: Any, *, groups: Any | None = None, level: float = 0.95, least: int = LEAST_N
) -> Omega:
    """Omega of (n, k) item values on complete rows (with a group label); reversed items turned.

    omega = (sum L)^2 / ((sum L)^2 + sum P). The interval is by the delta method on the log odds of
    omega, with the sandwich covariance of the estimates (it does not assume normal items), summed
    over `groups` (n,) where they are given, so that people who sit together do not count as
    independent. Quantile: normal, or t on G - 1. Raises TOO_FEW (below `least`), CONSTANT_ITEM,
    ONE_ITEM (fewer than three items), ONE_GROUP, NOT_CONVERGED.
    Sources: McDonald (1999), Test Theory; White (1982), Econometrica 50, 1-25.
    """
    values = matrix("omega", items)
    if values.shape[1] < 3:
        raise MeasurementRefused("omega", RefusalCode.ONE_ITEM, values.shape[1])
    complete, labels = ~np.isnan(values).any(axis=1), None
    if groups is not None:
        labels, known = group_labels("omega", groups, len(values))
        complete &= known
    rows = values[complete]
    cov, n = covariance(rows, MissingPolicy.LISTWISE, statistic="omega", least=least)
    S = cov * (n - 1) / n
    fit = one_factor_ml(S)
    total = float(fit.loadings.sum())
    omega = total**2 / (total**2 + float(fit.uniquenesses.sum()))
    places, G = None, None
    if labels is not None:
        places, G = group_places("omega", labels[complete], n)
        if G < 2:
            raise MeasurementRefused("omega", RefusalCode.ONE_GROUP, G)
    interval = None
    if not fit.heywood and 0 < omega < 1:
        se = _standard_error(rows - rows.mean(axis=0), fit, places)
        quantile = normal_quantile(0.5 + level / 2)
        if G is not None:
            quantile = t_quantile(0.5 + level / 2, G - 1)
        interval = _on_log_odds(omega, se, float(quantile), level)
    return Omega(
        omega=omega,
        omega_observed=total**2 / float(S.sum()),
        interval=interval,
        loadings=tuple(float(one) for one in fit.loadings),
        uniquenesses=tuple(float(one) for one in fit.uniquenesses),
        n=n,
        heywood=fit.heywood,
    )


def omega_from_sums(centred: Floats, sizes: Floats, *, level: float = 0.95) -> Omega:
    """Omega from sums per group alone: centred cross-products (G, k, k) and complete rows (G,).

    The same estimate and the same group-summed sandwich as `mcdonald_omega` with groups, because
    a group's score is linear in its cross-products: tr(A_j C_g) / 2 - n_g tr(S^-1 D_j) / 2 with
    A_j = S^-1 D_j S^-1. Raises BAD_ARGUMENT, NOT_CONVERGED, ONE_GROUP.
    """
    n, G = float(sizes.sum()), len(sizes)
    if G < 2:
        raise MeasurementRefused("omega", RefusalCode.ONE_GROUP, G)
    S = centred.sum(axis=0) / n
    fit = one_factor_ml(S)
    total = float(fit.loadings.sum())
    omega = total**2 / (total**2 + float(fit.uniquenesses.sum()))
    interval = None
    if not fit.heywood and 0 < omega < 1:
        inverse, derivatives = _derivatives(fit)
        weighted = inverse @ derivatives
        scores = np.einsum("jab,gba->gj", weighted @ inverse, centred)
        scores = (scores - sizes[:, None] * np.trace(weighted, axis1=1, axis2=2)) / 2
        se = _delta(fit, weighted, n, scores, G / (G - 1))
        interval = _on_log_odds(omega, se, float(t_quantile(0.5 + level / 2, G - 1)), level)
    return Omega(
        omega=omega,
        omega_observed=total**2 / float(S.sum()),
        interval=interval,
        loadings=tuple(float(one) for one in fit.loadings),
        uniquenesses=tuple(float(one) for one in fit.uniquenesses),
        n=int(n),
        heywood=fit.heywood,
    )


def _on_log_odds(omega: float, se: float, quantile: float, level: float) -> Interval:
    middle = np.log(omega / (1 - omega))
    half = quantile * se / (omega * (1 - omega))
    low, high = 1 / (1 + np.exp(-(middle + np.array([-half, half]))))
    return Interval(float(low), float(high), level, "sandwich_log_odds")


def _standard_error(
    centred: Floats, fit: OneFactor, places: np.ndarray[Any, np.dtype[np.int64]] | None
) -> float:
    """The sandwich standard error of omega from centred rows (n, k) and the fitted model."""
    n, k = centred.shape
    inverse, derivatives = _derivatives(fit)
    weighted = inverse @ derivatives
    projected = centred @ inverse
    quadratic = np.einsum("na,jab,nb->nj", projected, derivatives, projected)
    scores = (quadratic - np.trace(weighted, axis1=1, axis2=2)) / 2
    factor = 1.0
    if places is not None:
        G = int(places.max()) + 1
        summed = np.zeros((G, 2 * k))
        np.add.at(summed, places, scores)
        scores, factor = summed, G / (G - 1)
    return _delta(fit, weighted, n, scores, factor)


def _derivatives(fit: OneFactor) -> tuple[Floats, Floats]:
    """Sigma^-1 (k, k), and the derivatives of Sigma in loadings and uniquenesses (2k, k, k)."""
    L, P = fit.loadings, fit.uniquenesses
    k = len(L)
    derivatives = np.zeros((2 * k, k, k))
    for j in range(k):
        derivatives[j, j, :] += L
        derivatives[j, :, j] += L
        derivatives[k + j, j, j] = 1.0
    return np.asarray(np.linalg.inv(np.outer(L, L) + np.diag(P))), derivatives


def _delta(fit: OneFactor, weighted: Floats, n: float, scores: Floats, factor: float) -> float:
    """The standard error of omega from scores of rows or groups, by the delta method."""
    k = len(fit.loadings)
    bread = n / 2 * np.einsum("iab,jba->ij", weighted, weighted)
    covariance_of_fit = np.linalg.solve(bread, np.linalg.solve(bread, factor * scores.T @ scores).T)
    a, b = float(fit.loadings.sum()), float(fit.uniquenesses.sum())
    gradient = np.concatenate(
        [np.full(k, 2 * a * b / (a * a + b) ** 2), np.full(k, -a * a / (a * a + b) ** 2)]
    )
    return float(np.sqrt(gradient @ covariance_of_fit @ gradient))


def omega_total_minres(items: Any, *, least: int = LEAST_N) -> float:
    """Omega total of one factor by minimum residuals, on the correlations of complete rows.

    The loadings L minimise the squared off-diagonal residuals of R - LL'; omega = 1 - sum of
    uniquenesses / sum of R. A second view beside maximum likelihood: it weighs items differently
    and needs no distribution. Raises as `mcdonald_omega`.
    Source: Harman and Jones (1966), Psychometrika 31, 351-368.
    """
    values = matrix("omega", items)
    if values.shape[1] < 3:
        raise MeasurementRefused("omega", RefusalCode.ONE_ITEM, values.shape[1])
    cov, _ = covariance(values, MissingPolicy.LISTWISE, statistic="omega", least=least)
    sd = np.sqrt(np.diag(cov))
    R = cov / np.outer(sd, sd)
    above = np.triu_indices(len(R), 1)
    eigenvalues, vectors = np.linalg.eigh(R)

    def residuals(L: Floats) -> Floats:
        return np.asarray((R - np.outer(L, L))[above])

    found = optimize.least_squares(
        residuals,
        vectors[:, -1] * np.sqrt(eigenvalues[-1]),
        xtol=1e-14,
        ftol=1e-14,
        gtol=1e-14,
    )
    return float(1 - (1 - found.x**2).sum() / R.sum())
