"""Between which values does each parameter of a mixed model lie, by its profile likelihood?

A limit is the largest (smallest) value of a parameter among all parameters whose deviance stays
within a chi-square quantile of the least. Given theta, the best sigma, standard deviation or fixed
effect that the bound on the deviance allows is known in closed form, so that each limit is one
maximisation over theta without side conditions; only correlations need one. A share of the variance
is a function of theta alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from knutepunkt.analysis.distributions import chi2_quantile
from knutepunkt.analysis.models.arrays import Floats, Table
from knutepunkt.analysis.models.blocks import InnerTerm, inner_terms
from knutepunkt.analysis.models.design import INTERCEPT, Design, build_design
from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.formula import parse_formula
from knutepunkt.analysis.models.likelihood import Profile, criterion_of, profile_at
from knutepunkt.analysis.models.mixed import fit_design
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.specification import MixedModel

ROUNDS = 4  # restarts of the simplex, each from the best point of the one before
SETTLED = 1e-8
MOST_THETA = 6
NOTHING = 1e-6  # a share of the variance that cannot be told from none
STARTS = (0.1, -0.1, 0.0)
AT_THE_EDGE = 1e-4  # of the deviance

Goal = Callable[[Floats], float]


@dataclass(frozen=True)
class ProfileLimits:
    """Limits of one parameter.

    Attributes:
        kind: ``sd``, ``correlation``, ``sigma``, ``fixed`` or ``share``.
        name: ``factor:column``, ``factor:column:column``, ``factor:share``, ``residual`` or the fixed
            effect.
        value: the estimate.
        low, high: the limits; a standard deviation's lower one is 0 where 0 is inside.
        level: confidence level.
    """

    kind: str
    name: str
    value: float
    low: float
    high: float
    level: float


def profile_limits(
    model: MixedModel | str, rows: Table, *, level: float = 0.95
) -> tuple[ProfileLimits, ...]:
    """Return profile limits of every parameter of a linear mixed model.

    The deviance is that of maximum likelihood, as in lme4's ``confint(method = "profile")``: limits
    are where it exceeds its minimum by the chi-square(1) quantile of ``level``. Standard deviations,
    correlations and sigma are on the outcome's scale. Shares of the variance are in
    :func:`share_limits`.

    Raises:
        ModelRefusal: what :func:`fit_mixed` refuses, and ``too_large`` for more than six variance
            parameters.
    """
    declared = parse_formula(model) if isinstance(model, str) else model
    design = build_design(declared, rows)
    fit = fit_design(design, reml=False)
    region = _region(fit, level)
    found: list[ProfileLimits] = []
    for term in inner_terms(design.random):
        found += _of_term(region, term, level)
    sigma = [_best(region, _sigma_goal(region, sign)) for sign in (-1, 1)]
    found.append(ProfileLimits("sigma", "residual", fit.sigma, -sigma[0], sigma[1], level))
    for position, name in enumerate(fit.names):
        low, high = (_best(region, _fixed_goal(region, position, sign)) for sign in (-1, 1))
        value = float(fit.beta[position])
        found.append(ProfileLimits("fixed", name, value, value - low, value + high, level))
    return tuple(found)


def share_limits(
    fit: MixedFit, design: Design, *, level: float = 0.95, factor: str = ""
) -> tuple[ProfileLimits, ...]:
    """Return profile limits of each intercept's share of the variance, or of one factor's.

    The intraclass correlation, by the criterion the fit minimised: that of REML for the report.

    Raises:
        ModelRefusal: ``too_large`` for more than six variance parameters.
    """
    region = _region(fit, level)
    intercepts = [term for term in inner_terms(design.random) if term.term.columns[0] == INTERCEPT]
    return tuple(
        _of_share(region, term, intercepts, level)
        for term in intercepts
        if factor in ("", term.term.factor)
    )


def _region(fit: MixedFit, level: float) -> _Region:
    if fit.inner_theta.size > MOST_THETA:
        raise ModelRefusal(RefusalCode.TOO_LARGE, f"{fit.inner_theta.size} variance parameters")
    return _Region(fit, fit.criterion + float(chi2_quantile(level, 1)))


def _of_share(
    region: _Region, term: InnerTerm, intercepts: list[InnerTerm], level: float
) -> ProfileLimits:
    """Where a share may lie; its lower limit is 0 where the criterion allows a variance of zero."""

    def share(theta: Floats) -> float:
        sizes = [max(float(one.outer_covariance(theta)[0, 0]), 0.0) for one in intercepts]
        return sizes[intercepts.index(term)] / (1.0 + sum(sizes))

    name = f"{term.term.factor}:share"
    low = _edge(region, share, -1)
    low = low if low > NOTHING else 0.0
    value = share(region.fit.inner_theta)
    return ProfileLimits("share", name, value, low, _edge(region, share, 1), level)


class _Region:
    """The set of parameters whose deviance stays below a limit, seen from theta."""

    def __init__(self, fit: MixedFit, limit: float) -> None:
        self.fit, self.limit = fit, limit
        self.solver, self.reml = fit.solver, fit.reml
        self.n = fit.n_rows - fit.beta.size if fit.reml else fit.n_rows
        self.shift = fit.coordinates.logdet_shift if fit.reml else 0.0
        self.matrix = fit.coordinates.matrix

    def profile(self, theta: Floats) -> Profile:
        """Return the profiled solution at theta."""
        return profile_at(self.solver, theta)

    def room(self, profile: Profile) -> float:
        """Return how far below the limit the deviance of the best sigma and beta lies."""
        found = criterion_of(profile, self.fit.n_rows, reml=self.reml) + self.shift
        return self.limit - found

    def sigma_ends(self, profile: Profile, room: float) -> tuple[float, float]:
        """Return the least and largest sigma with deviance at the limit.

        With s = rss / (n sigma^2): s - 1 - log s = room / n, so s = -W(-exp(-1 - room / n)) with
        both branches of Lambert's W.
        """
        inside = -math.exp(-1.0 - room / self.n)
        shares = [-float(np.real(special.lambertw(inside, k))) for k in (-1, 0)]
        low, high = (math.sqrt(profile.rss / (self.n * share)) for share in shares)
        return low, high


def _sigma_goal(region: _Region, sign: int) -> Goal:
    def goal(theta: Floats) -> float:
        profile = region.profile(theta)
        room = region.room(profile)
        if room < 0.0:
            return -math.inf
        return sign * region.sigma_ends(profile, room)[0 if sign < 0 else 1]

    return goal


def _sd_goal(region: _Region, term: InnerTerm, column: int, sign: int) -> Goal:
    def goal(theta: Floats) -> float:
        profile = region.profile(theta)
        room = region.room(profile)
        if room < 0.0:
            return -math.inf
        relative = math.sqrt(max(float(term.outer_covariance(theta)[column, column]), 0.0))
        return sign * relative * region.sigma_ends(profile, room)[0 if sign < 0 else 1]

    return goal


def _fixed_goal(region: _Region, position: int, sign: int) -> Goal:
    """The distance of a fixed effect from its estimate: (b - beta)^2 / v = n (rss_max - rss) / n."""
    centre = float(region.fit.beta[position])

    def goal(theta: Floats) -> float:
        profile = region.profile(theta)
        room = region.room(profile)
        if room < 0.0:
            return -math.inf
        row = region.matrix[position]
        beta = float(row @ profile.beta) + float(region.fit.coordinates.shift[position])
        spread = float(row @ np.linalg.solve(profile.precision, row))
        reach = math.sqrt(profile.rss * math.expm1(room / region.n) * spread)
        return sign * (beta - centre) + reach

    return goal


def _of_term(region: _Region, term: InnerTerm, level: float) -> list[ProfileLimits]:
    fit, width, named = region.fit, term.width, term.term
    covariance = fit.sigma**2 * term.outer_covariance(fit.inner_theta)
    sd = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    found = []
    for column in range(width):
        low, high = (_best(region, _sd_goal(region, term, column, sign)) for sign in (-1, 1))
        lower = 0.0 if _zero_inside(region, term, column) else max(0.0, -low)
        name = f"{named.factor}:{named.columns[column]}"
        found.append(ProfileLimits("sd", name, float(sd[column]), lower, high, level))
    for first in range(width):
        for second in range(first + 1, width):
            name = f"{named.factor}:{named.columns[first]}:{named.columns[second]}"
            scale = float(sd[first] * sd[second])
            value = float(covariance[first, second]) / scale if scale > 0.0 else math.nan
            low, high = (_correlation(region, term, (first, second), sign) for sign in (-1, 1))
            found.append(ProfileLimits("correlation", name, value, low, high, level))
    return found


def _zero_inside(region: _Region, term: InnerTerm, column: int) -> bool:
    """Whether the deviance can stay below the limit while this standard deviation is zero."""
    theta = region.fit.inner_theta
    if term.width == 1:
        start = theta.copy()
        start[term.start] = 0.0
        free = [position for position in range(theta.size) if position != term.start]

        def gap(values: Floats) -> float:
            point = start.copy()
            point[free] = values
            return -region.room(region.profile(point))

        if not free:
            return gap(np.zeros(0)) <= 0.0
        return float(_simplex(gap, theta[free])[1]) <= 0.0
    low = _best(region, _sd_goal(region, term, column, -1))
    return -low <= 1e-4 * region.fit.sigma


def _correlation(region: _Region, term: InnerTerm, pair: tuple[int, int], sign: int) -> float:
    """Return the limit of a correlation: its extreme while the deviance stays below the limit."""

    def correlation(theta: Floats) -> float:
        covariance = term.outer_covariance(theta)
        scale = float(covariance[pair[0], pair[0]] * covariance[pair[1], pair[1]])
        return float(covariance[pair]) / math.sqrt(scale) if scale > 0.0 else 0.0

    return sign * min(1.0, sign * _edge(region, correlation, sign))


def _edge(region: _Region, value: Goal, sign: int) -> float:
    """Return the largest or smallest value of a function of theta inside the region.

    Sequential quadratic programming goes to the edge of the region from points around the estimate
    and at it, until one has led there; the most extreme point found inside is kept.
    """

    def goal(theta: Floats) -> float:
        return -sign * value(theta)

    def room(theta: Floats) -> float:
        return region.room(region.profile(theta))

    centre = region.fit.inner_theta
    best = goal(centre)
    for move in STARTS:
        found = optimize.minimize(
            goal,
            centre + move,
            method="SLSQP",
            constraints={"type": "ineq", "fun": room},
            options={"ftol": 1e-10, "maxiter": 100},
        )
        left = room(np.asarray(found.x))
        if left > -1e-6:
            best = min(best, float(found.fun))
            if found.success and left < AT_THE_EDGE:
                break
    return -sign * best


def _best(region: _Region, goal: Goal) -> float:
    """Return the largest value of ``goal`` over theta, by restarted simplexes."""
    return -_simplex(lambda theta: -goal(theta), region.fit.inner_theta)[1]


def _simplex(objective: Goal, start: Floats) -> tuple[Floats, float]:
    point, value, width = start, objective(start), 0.1
    for _ in range(ROUNDS):
        steps = width * np.maximum(0.3, np.abs(point)) * np.eye(start.size)
        result = optimize.minimize(
            objective,
            point,
            method="Nelder-Mead",
            options={
                "initial_simplex": np.vstack([point, point + steps]), "xatol": 1e-5, "fatol": 1e-9, "maxiter": 2000,
            },
        )  # fmt: skip
        gained = value - float(result.fun)
        point, value, width = np.asarray(result.x), float(result.fun), width / 3.0
        if gained < SETTLED * max(1.0, abs(value)):
            break
    return point, value
