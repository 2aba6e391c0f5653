"""What does a logistic or cumulative-logit mixed model estimate from rows?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from knutepunkt.analysis.models.arrays import Floats, Table, symmetric
from knutepunkt.analysis.models.blocks import lower
from knutepunkt.analysis.models.derivatives import gradient
from knutepunkt.analysis.models.design import Design, build_design
from knutepunkt.analysis.models.fit import VarianceTerm
from knutepunkt.analysis.models.formula import parse_formula
from knutepunkt.analysis.models.generalised_likelihood import Likelihood
from knutepunkt.analysis.models.inference import Estimate, t_estimate
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.specification import MixedModel

POINTS = 11
POINTS_FOR_SLOPES = 7
POINTS_FOR_CURVATURE = 11
SEPARATED_ABOVE = 12.0  # log odds per standard deviation of a column that no honest rows give
FLAT_BELOW = 1e-6
DECREMENT = 1e-12  # of the log-likelihood, in what a Newton step would still gain
NEWTON_STEPS = 8
SINGULAR_BELOW = 1e-3


@dataclass(frozen=True)
class GeneralisedFit:
    """A fitted logistic or cumulative-logit mixed model.

    Attributes:
        names: fixed effects; the model of an ordered answer has thresholds in place of (Intercept).
        beta: their estimates on the log-odds scale, shape (p,).
        thresholds: of K ordered categories, shape (K - 1,); (0,) for a yes-no answer.
        vcov: covariance of (beta, thresholds), thresholds only where they are estimated.
        robust: the same from the scores of the groups, G / (G - 1) times; see :meth:`estimate`.
        terms: covariance of each random term on the log-odds scale.
        loglik: log-likelihood by quadrature.
        categories: the values the outcome takes, in order.
        n_rows, n_dropped, n_groups: rows used and left out, levels of the outermost factor.
        points: quadrature points per dimension.
        singular: a standard deviation is estimated as zero.
    """

    names: tuple[str, ...]
    beta: Floats
    thresholds: Floats
    vcov: Floats
    robust: Floats
    terms: tuple[VarianceTerm, ...]
    loglik: float
    categories: tuple[float, ...]
    n_rows: int
    n_dropped: int
    n_groups: int
    points: int
    singular: bool

    @property
    def se(self) -> Floats:
        """Standard errors of the fixed effects, shape (p,)."""
        roots: Floats = np.sqrt(np.diag(self.vcov)[: self.beta.size])
        return roots

    @property
    def aic(self) -> float:
        """-2 log-likelihood + 2 parameters."""
        variances = sum(term.sd.size * (term.sd.size + 1) // 2 for term in self.terms)
        return 2.0 * float(self.vcov.shape[0] + variances - self.loglik)

    def estimate(
        self, contrast: ArrayLike, *, name: str = "", level: float = 0.95, df: float = np.inf
    ) -> Estimate:
        """Return a contrast of the fixed effects on the log-odds scale.

        ``df`` is infinite for Wald's z. With ``df`` finite the standard error is the larger of
        the model's and the groups' own, which holds when groups change differently though the
        model says they do not.
        """
        row = np.asarray(contrast, dtype=np.float64).reshape(-1)
        if row.size != self.beta.size:
            raise ModelRefusal(RefusalCode.BAD_SHAPE, f"a contrast needs {self.beta.size} weights")
        p = self.beta.size
        variance = float(row @ self.vcov[:p, :p] @ row)
        if np.isfinite(df):
            variance = max(variance, float(row @ self.robust[:p, :p] @ row))
        se = float(np.sqrt(variance))
        finite = min(df, 1e9)  # scipy's t has no infinite df; at 1e9 it is the normal one
        method = "wald_z" if np.isinf(df) else "wald_t"
        return t_estimate(name, float(row @ self.beta), se, finite, level=level, method=method)


def fit_generalised(
    model: MixedModel | str, rows: Table, *, ordered: bool = False, points: int = POINTS
) -> GeneralisedFit:
    """Fit a mixed model of a yes-no or an ordered answer by maximum likelihood.

    Args:
        model: declared or in lme4's notation: one factor with up to three random columns, or
            ``(1 | group/person)``.
        rows: a polars frame or named columns; incomplete rows are left out and counted.
        ordered: whether the outcome's values, in sorted order, are ordered categories; otherwise
            it takes two values and the larger is "yes".
        points: quadrature points per random dimension; 1 is Laplace's approximation.

    Formula: logit P(yes) = X beta + Z b, or logit P(Y <= k) = c_k - X beta - Z b, b ~ N(0, LL');
    the likelihood by adaptive Gauss-Hermite quadrature, standard errors from the curvature of the
    whole log-likelihood, variances included (as lme4's glmer and ordinal's clmm do).

    Raises:
        ModelRefusal: ``not_two_categories``, ``separated``, ``not_converged``, ``not_identified``,
            ``too_few_groups``, ``collinear_columns``, ``bad_formula`` and what the rows refuse.
    Sources: Pinheiro and Bates (1995), J Comp Graph Stat 4, 12-35; Agresti (2013), ch. 13;
    Christensen (2019), Cumulative link models with the R package ordinal.
    """
    declared = parse_formula(model) if isinstance(model, str) else model
    if not declared.random:
        raise ModelRefusal(RefusalCode.BAD_FORMULA, "a mixed model needs a random term")
    design = build_design(declared, rows)
    problem = Likelihood(design, ordered=ordered, points=points)
    return _assembled(problem, design, _maximised(problem))


@dataclass(frozen=True)
class _Optimum:
    """The best vector, its log-likelihood, the curvature of minus it, and scores per group."""

    vector: Floats
    loglik: float
    curvature: Floats
    scores: Floats


def _maximised(problem: Likelihood) -> _Optimum:
    """Climb by quasi-Newton steps, then by Newton steps on the differenced slope."""
    # With few points the quadrature's own slope differs from the likelihood's; then difference it.
    exact = problem.points >= POINTS_FOR_SLOPES

    def minus(vector: Floats) -> float:
        return -problem.value(vector)

    def slopes(vector: Floats) -> Floats:
        return -problem.slopes(vector) if exact else gradient(minus, vector)

    found = optimize.minimize(
        minus, problem.start(), jac=slopes, method="BFGS", options={"gtol": 1e-4, "maxiter": 200}
    )
    vector = np.asarray(found.x, dtype=np.float64)
    for _ in range(NEWTON_STEPS):
        curvature = _curvature(slopes, vector)
        values, vectors = np.linalg.eigh(curvature)
        # Where the slope vanishes under few points the quadrature is not quite at its largest.
        along = vectors.T @ gradient(minus, vector)
        safe = np.maximum(np.abs(values), FLAT_BELOW)
        decrement = float(along @ (along / safe))
        if decrement < DECREMENT:
            break
        vector = vector + _shortened(minus, vector, -vectors @ (along / safe))
    steep = np.abs(vector[: len(problem.names)]).max(initial=0.0)
    if steep > SEPARATED_ABOVE or values[0] < FLAT_BELOW:
        raise ModelRefusal(RefusalCode.SEPARATED, "an effect is without limit, or not identified")
    if not decrement < 1e3 * DECREMENT:
        raise ModelRefusal(RefusalCode.NOT_CONVERGED, "the likelihood has no maximum in reach")
    if exact and problem.points < POINTS_FOR_CURVATURE:
        curvature = _curvature(lambda at: gradient(minus, at), vector)
    return _Optimum(vector, -minus(vector), curvature, _group_scores(problem, vector))


def _group_scores(problem: Likelihood, vector: Floats, width: float = 1e-4) -> Floats:
    """Slope of each group's log-likelihood by central differences, shape (G, m)."""
    units = np.eye(vector.size) * width
    moved = [problem.of_groups(vector + one) - problem.of_groups(vector - one) for one in units]
    return np.asarray(np.column_stack(moved) / (2.0 * width))


def _shortened(objective: Callable[[Floats], float], vector: Floats, step: Floats) -> Floats:
    best = objective(vector)
    for _ in range(20):
        if objective(vector + step) <= best + 1e-7:
            return step
        step = step / 2.0
    return np.zeros_like(step)


def _curvature(slopes: Callable[[Floats], Floats], point: Floats, width: float = 5e-4) -> Floats:
    """Second derivatives as central differences of first ones, shape (m, m)."""
    units = np.eye(point.size) * width
    return symmetric(
        np.array([slopes(point + one) - slopes(point - one) for one in units]) / (2.0 * width)
    )


def _assembled(problem: Likelihood, design: Design, optimum: _Optimum) -> GeneralisedFit:
    beta, thresholds, variances = problem.split(optimum.vector)
    p, fixed = len(problem.names), problem.n_fixed
    turn = np.zeros((fixed, fixed))
    turn[:p, :p] = np.diag(1.0 / problem.scale) if p else turn[:p, :p]
    if problem.ordered:
        rises = np.diff(thresholds)
        turn[p:, p] = 1.0
        for place in range(1, problem.cuts):
            turn[p + place :, p + place] = rises[place - 1]
    back = problem.uncentring()
    turn = back @ turn
    values = back @ np.concatenate([beta, thresholds if problem.ordered else np.zeros(0)])
    beta, thresholds = values[:p], values[p:] if problem.ordered else thresholds
    bread = np.linalg.inv(optimum.curvature)
    groups = problem.outer.n_levels
    filling = optimum.scores.T @ optimum.scores * groups / (groups - 1.0)
    inner, robust = bread[:fixed, :fixed], (bread @ filling @ bread)[:fixed, :fixed]
    if problem.inner is None:
        half = lower(variances, problem.width) / problem.z_scale[:, None]
        sizes = [(problem.outer, half @ half.T)]
    else:
        spreads = (np.array([[variances[0] ** 2]]), np.array([[variances[1] ** 2]]))
        sizes = [(problem.inner, spreads[0]), (problem.outer, spreads[1])]
    terms = tuple(
        VarianceTerm(term.factor, term.columns, covariance, term.n_levels)
        for term, covariance in sizes
    )
    smallest = float(np.abs(optimum.vector[problem.diagonal()]).min())
    return GeneralisedFit(
        names=problem.names,
        beta=beta,
        thresholds=thresholds,
        vcov=symmetric(turn @ inner @ turn.T),
        robust=symmetric(turn @ robust @ turn.T),
        terms=terms,
        loglik=optimum.loglik,
        categories=problem.categories,
        n_rows=design.y.size,
        n_dropped=design.n_dropped,
        n_groups=groups,
        points=problem.points,
        singular=smallest < SINGULAR_BELOW,
    )
