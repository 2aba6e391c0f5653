"""What does a fitted linear mixed model consist of?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from knutepunkt.analysis.models.arrays import Floats, symmetric
from knutepunkt.analysis.models.kenward_roger import KenwardRogerParts
from knutepunkt.analysis.models.likelihood import Profile, Solver, criterion_of, profile_at
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

SINGULAR_BELOW = 1e-4  # on the relative standard deviation, as lme4's isSingular


@dataclass(frozen=True)
class VarianceTerm:
    """The covariance of one random term.

    Attributes:
        factor: grouping factor, nested factors written ``inner:outer``.
        columns: the random columns, e.g. ``("(Intercept)", "wave")``.
        covariance: shape (k, k), on the outcome's scale.
        n_levels: number of levels of the factor.
    """

    factor: str
    columns: tuple[str, ...]
    covariance: Floats
    n_levels: int

    @property
    def sd(self) -> Floats:
        """Standard deviations of the random columns, shape (k,)."""
        roots: Floats = np.sqrt(np.diag(self.covariance))
        return roots

    @property
    def correlation(self) -> Floats:
        """Correlations of the random columns, shape (k, k); undefined ones are NaN."""
        sd = self.sd
        scale = np.outer(sd, sd)
        known = scale > 0
        return np.where(known, self.covariance / np.where(known, scale, 1.0), np.nan)


class InferentialSolver(Solver, Protocol):
    """A solver that also knows the quantities of Kenward and Roger."""

    def kenward_roger_parts(self, theta: Floats, sigma2: float) -> KenwardRogerParts:
        """Return the ingredients of the small-sample correction at the estimates."""
        ...


@dataclass(frozen=True)
class Coordinates:
    """How the solver's fixed effects translate to those the caller named.

    beta = matrix @ inner + shift; the solver works in well-conditioned inner columns.
    """

    matrix: Floats
    shift: Floats

    @property
    def logdet_shift(self) -> float:
        """What log|X'H^-1 X| gains when going from inner to named columns."""
        if self.matrix.size == 0:
            return 0.0
        return -2.0 * float(np.linalg.slogdet(self.matrix)[1])


@dataclass(frozen=True)
class MixedFit:
    """A fitted linear mixed model.

    Attributes:
        names: names of the p fixed effects.
        beta: their estimates, shape (p,).
        vcov: their covariance given the variance parameters, shape (p, p).
        sigma: residual standard deviation.
        terms: covariance of each random term, in the order of the formula.
        reml: whether the REML criterion was minimised, otherwise the ML deviance.
        criterion: REML criterion or -2 log-likelihood, with lme4's constants.
        n_rows: rows used; ``n_dropped`` rows had a missing value.
        n_parameters: fixed effects, variance parameters and the residual variance.
        singular: a variance is estimated as zero or a correlation as one.
        inner_theta, coordinates, solver: what inference needs, in inner coordinates.
    """

    names: tuple[str, ...]
    beta: Floats
    vcov: Floats
    sigma: float
    terms: tuple[VarianceTerm, ...]
    reml: bool
    criterion: float
    n_rows: int
    n_dropped: int
    n_parameters: int
    singular: bool
    inner_theta: Floats = field(repr=False)
    coordinates: Coordinates = field(repr=False)
    solver: InferentialSolver = field(repr=False)

    @property
    def se(self) -> Floats:
        """Standard errors without small-sample correction, shape (p,)."""
        roots: Floats = np.sqrt(np.diag(self.vcov))
        return roots

    @property
    def loglik(self) -> float:
        """Log-likelihood, or the restricted log-likelihood of a REML fit."""
        return -0.5 * self.criterion

    @property
    def aic(self) -> float:
        """Criterion + 2 parameters."""
        return self.criterion + 2.0 * self.n_parameters

    @property
    def bic(self) -> float:
        """Criterion + log(rows) per parameter."""
        return self.criterion + float(np.log(self.n_rows)) * self.n_parameters

    def inner_contrast(self, contrast: Floats) -> Floats:
        """Translate contrasts of the named effects, shape (q, p), to the solver's columns."""
        return np.atleast_2d(contrast) @ self.coordinates.matrix


def assembled(
    solver: InferentialSolver,
    theta: Floats,
    coordinates: Coordinates,
    names: tuple[str, ...],
    terms: tuple[VarianceTerm, ...],
    *,
    reml: bool,
    singular: bool,
    n_dropped: int = 0,
) -> MixedFit:
    """Build the result from a solver at its optimum; ``terms`` carry covariances over sigma^2."""
    profile: Profile = profile_at(solver, theta)
    if not profile.rss > 0.0:
        raise ModelRefusal(RefusalCode.NO_RESIDUAL_VARIANCE, "nothing is left to the residual")
    criterion = criterion_of(profile, solver.n_rows, reml=reml)
    if reml:
        criterion += coordinates.logdet_shift
    free = solver.n_rows - profile.beta.size if reml else solver.n_rows
    sigma2 = profile.rss / free
    inner_vcov = (
        sigma2 * np.linalg.inv(profile.precision) if profile.beta.size else np.zeros((0, 0))
    )
    matrix = coordinates.matrix
    scaled = tuple(
        VarianceTerm(term.factor, term.columns, sigma2 * term.covariance, term.n_levels)
        for term in terms
    )
    return MixedFit(
        names=names,
        beta=matrix @ profile.beta + coordinates.shift,
        vcov=symmetric(matrix @ inner_vcov @ matrix.T),
        sigma=float(np.sqrt(sigma2)),
        terms=scaled,
        reml=reml,
        criterion=criterion,
        n_rows=solver.n_rows,
        n_dropped=n_dropped,
        n_parameters=len(names) + theta.size + 1,
        singular=singular,
        inner_theta=theta,
        coordinates=coordinates,
        solver=solver,
    )
