"""What is the log-likelihood of a logistic or cumulative-logit mixed model, and its slope?

The slope is the posterior mean of the slope given the random effects (Fisher's identity), taken
over the same quadrature points as the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from knutepunkt.analysis.models.arrays import Floats, Integers
from knutepunkt.analysis.models.blocks import lower, triangle
from knutepunkt.analysis.models.category_odds import (
    RowTerms,
    category_terms,
    category_values,
    threshold_slopes,
)
from knutepunkt.analysis.models.design import INTERCEPT, Design, RandomTerm
from knutepunkt.analysis.models.quadrature import Integral, NestedUnits, Nodes
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

WIDEST = 3  # random columns of one factor; the product rule has points ** columns
MOST_CATEGORIES = 20
ROUNDING_BELOW = 1e-13  # what is left of a constant column around its mean
DEPENDENT_BELOW = 1e-9
START_SD = 0.5


@dataclass(frozen=True)
class _Rows:
    """The rows as units of the integral, at one set of fixed effects and thresholds."""

    category: Integers
    thresholds: Floats
    fixed: Floats

    def values(self, shifts: Floats) -> Floats:
        """Return log P of each row's category at each shift."""
        return category_values(self.category, self.thresholds, self.fixed[:, None] + shifts)

    def terms(self, shifts: Floats) -> RowTerms:
        """Return log P with two derivatives in the shift."""
        return category_terms(self.category, self.thresholds, self.fixed[:, None] + shifts)


class Likelihood:
    """The log-likelihood as a function of one vector: beta, thresholds, variance parameters.

    Columns are centred where there is an intercept or thresholds to take their means up, and scaled
    to mean square one, so that neither the origin nor the unit of a predictor matters; thresholds enter as the first and the logs of the rises;
    variances as the entries of the Cholesky factor, or as two standard deviations, person first.
    """

    def __init__(self, design: Design, *, ordered: bool, points: int) -> None:
        self.category, self.categories = _categories(design.y, ordered=ordered)
        keep = [i for i, name in enumerate(design.names) if not (ordered and name == INTERCEPT)]
        self.names = tuple(design.names[i] for i in keep)
        self.x, self.origin = _centred(design.x[:, keep], self.names, ordered=ordered)
        self.scale = _scaled(design.x[:, keep], self.x, self.names)
        self.ordered, self.points = ordered, points
        self.cuts = len(self.categories) - 1 if ordered else 0
        self.outer, self.inner = _factors(design.random)
        self.width = self.outer.z.shape[1]
        self.z_scale = np.sqrt((self.outer.z**2).mean(axis=0))
        codes, z = self.outer.codes, self.outer.z / self.z_scale
        self.nested: NestedUnits | None = None
        if self.inner is not None:
            places = np.unique(self.inner.codes, return_index=True)[1]
            codes, z = self.outer.codes[places], np.ones((places.size, 1))
            self.nested = NestedUnits(self.inner.codes, self.inner.n_levels, points)
        self.z = z
        self.integral = Integral(codes, self.outer.n_levels, z, points)
        self._last: tuple[Floats, tuple[Floats, Nodes, _Rows, Floats]] | None = None

    @property
    def n_fixed(self) -> int:
        """Number of fixed effects and thresholds."""
        return len(self.names) + self.cuts

    @property
    def n_variances(self) -> int:
        """Number of variance parameters."""
        return 2 if self.inner is not None else self.width * (self.width + 1) // 2

    def split(self, vector: Floats) -> tuple[Floats, Floats, Floats]:
        """Return beta on the named columns' scale, thresholds and variance parameters."""
        p = len(self.names)
        beta = vector[:p] / self.scale
        if not self.ordered:
            return beta, np.zeros(1), vector[p:]
        first, rises = vector[p], np.exp(vector[p + 1 : p + self.cuts])
        return beta, first + np.concatenate([[0.0], np.cumsum(rises)]), vector[p + self.cuts :]

    def uncentring(self) -> Floats:
        """Return what turns (beta, thresholds) of centred columns into those of the columns given."""
        p = len(self.names)
        turn = np.eye(self.n_fixed)
        if self.ordered:
            turn[p:, :p] = self.origin
        elif INTERCEPT in self.names:
            turn[self.names.index(INTERCEPT), :p] -= self.origin
        return turn

    def value(self, vector: Floats) -> float:
        """Return the log-likelihood; minus infinity where the numbers run away."""
        try:
            return float(self._integrated(vector)[0].sum())
        except np.linalg.LinAlgError:
            return -np.inf

    def of_groups(self, vector: Floats) -> Floats:
        """Return the log-likelihood of each group, shape (G,)."""
        return self._integrated(vector)[0]

    def slopes(self, vector: Floats) -> Floats:
        """Return the derivative of the log-likelihood, shape of ``vector``."""
        _, nodes, rows, variances = self._integrated(vector)
        told = _Told(rows, ordered=self.ordered)
        if self.nested is None:
            factor = lower(variances, self.width)
            at = nodes.at[self.outer.codes]
            shifts = np.einsum("na,nja->nj", self.z @ factor, at)
            told.add(shifts, nodes.weights[self.outer.codes], at)
            spread = np.einsum("na,nb->ab", self.z, told.effects)
            columns, below = triangle(self.width)
            of_variances = spread[below, columns]
        else:
            of_variances = self._nested_slopes(told, nodes, variances)
        of_cuts = self._of_cuts(told, rows.thresholds)
        return np.concatenate([self.x.T @ told.slope / self.scale, of_cuts, of_variances])

    def start(self) -> Floats:
        """Return thresholds at the observed shares, no effects, and modest random spread."""
        counts = np.bincount(self.category, minlength=len(self.categories))
        below = np.cumsum(counts)[:-1]
        cuts = np.log(below / (self.category.size - below))
        vector = np.zeros(self.n_fixed + self.n_variances)
        p = len(self.names)
        if self.ordered:
            vector[p] = cuts[0]
            vector[p + 1 : p + self.cuts] = np.log(np.diff(cuts))
        elif INTERCEPT in self.names:
            at = self.names.index(INTERCEPT)
            vector[at] = -cuts[0] * self.scale[at]
        vector[self.diagonal()] = START_SD
        return vector

    def diagonal(self) -> list[int]:
        """Return where the standard deviations stand."""
        if self.inner is not None:
            return [self.n_fixed, self.n_fixed + 1]
        places, at = [], self.n_fixed
        for size in range(self.width, 0, -1):
            places.append(at)
            at += size
        return places

    def _integrated(self, vector: Floats) -> tuple[Floats, Nodes, _Rows, Floats]:
        """Integrate at a vector; whoever asks for value and slope at one point waits once."""
        if self._last is None or not np.array_equal(self._last[0], vector):
            self._last = (vector.copy(), self._integrate(vector))
        return self._last[1]

    def _integrate(self, vector: Floats) -> tuple[Floats, Nodes, _Rows, Floats]:
        beta, thresholds, variances = self.split(vector)
        rows = _Rows(self.category, thresholds, self.x @ beta)
        if self.nested is None:
            value, nodes = self.integral.value(rows, lower(variances, self.width))
        else:
            persons = self.nested.over(rows, float(variances[0]))
            value, nodes = self.integral.value(persons, np.array([[float(variances[1])]]))
        return value, nodes, rows, variances

    def _nested_slopes(self, told: _Told, nodes: Nodes, variances: Floats) -> Floats:
        assert self.nested is not None
        assert self.inner is not None
        groups, persons = self.outer.codes, self.inner.codes
        at = nodes.at[:, :, 0]
        of_persons = variances[1] * at[self.integral.codes][self.integral.back]
        _, inner = self.nested.nodes(of_persons)
        for v, weight in zip(inner.at, inner.weights, strict=True):
            shifts = (of_persons + variances[0] * v)[persons]
            both = np.stack([v[persons], at[groups]], axis=2)
            told.add(shifts, nodes.weights[groups] * weight[persons], both)
        return np.asarray(told.effects.sum(axis=0))

    def _of_cuts(self, told: _Told, thresholds: Floats) -> Floats:
        """Turn slopes in the thresholds into slopes in the first and the logs of the rises."""
        if not self.ordered:
            return np.zeros(0)
        size = self.cuts + 1
        upper = np.bincount(self.category, told.upper, minlength=size)[: self.cuts]
        under = np.bincount(self.category, told.under, minlength=size)[1:]
        onward = np.cumsum((upper + under)[::-1])[::-1]
        return np.concatenate([onward[:1], onward[1:] * np.diff(thresholds)])


class _Told:
    """Posterior means per row, added up over nodes."""

    def __init__(self, rows: _Rows, *, ordered: bool) -> None:
        n = rows.category.size
        self.ordered = ordered
        self.rows = rows
        self.slope, self.upper, self.under = np.zeros(n), np.zeros(n), np.zeros(n)
        self.effects: Floats = np.zeros((n, 1))

    def add(self, shifts: Floats, weights: Floats, effects: Floats) -> None:
        """Add nodes: shifts and weights (n, J), effects (n, J, k)."""
        slopes = weights * self.rows.terms(shifts).slope
        self.slope += slopes.sum(axis=1)
        self.effects = self.effects + np.einsum("nj,njk->nk", slopes, effects)
        if self.ordered:
            predictor = self.rows.fixed[:, None] + shifts
            above, under = threshold_slopes(self.rows.category, self.rows.thresholds, predictor)
            self.upper += (weights * above).sum(axis=1)
            self.under += (weights * under).sum(axis=1)


def _categories(y: Floats, *, ordered: bool) -> tuple[Integers, tuple[float, ...]]:
    known, codes = np.unique(y, return_inverse=True)
    if known.size < 2:
        raise ModelRefusal(RefusalCode.NO_VARIANCE, "everybody gave the same answer")
    if not ordered and known.size != 2:
        raise ModelRefusal(RefusalCode.NOT_TWO_CATEGORIES, f"{known.size} different answers")
    if known.size > MOST_CATEGORIES:
        raise ModelRefusal(RefusalCode.TOO_LARGE, f"{known.size} ordered categories")
    return codes.astype(np.int64).reshape(-1), tuple(float(one) for one in known)


def _centred(x: Floats, names: tuple[str, ...], *, ordered: bool) -> tuple[Floats, Floats]:
    """Return the columns around their means, and the means; as they are where nothing takes them up."""
    origin = np.zeros(x.shape[1])
    if ordered or INTERCEPT in names:
        origin = np.array(
            [0.0 if name == INTERCEPT else x[:, i].mean() for i, name in enumerate(names)]
        )
    return x - origin, origin


def _scaled(given: Floats, x: Floats, names: tuple[str, ...]) -> Floats:
    """Return the root mean square of each centred column, and refuse dependent ones."""
    if x.shape[1]:
        lengths = np.linalg.norm(x, axis=0)
        rounding = ROUNDING_BELOW * np.linalg.norm(given, axis=0)
        diagonal = np.abs(np.diag(np.linalg.qr(x, mode="r")))
        least = np.maximum(DEPENDENT_BELOW * lengths, rounding)
        if diagonal.size < x.shape[1] or (diagonal <= least).any():
            raise ModelRefusal(RefusalCode.COLLINEAR_COLUMNS, ", ".join(names))
    return np.asarray(np.sqrt((x**2).mean(axis=0)))


def _factors(random: tuple[RandomTerm, ...]) -> tuple[RandomTerm, RandomTerm | None]:
    """Return the outermost factor and the one nested in it, if any."""
    if any(term.n_levels < 2 for term in random):
        raise ModelRefusal(RefusalCode.TOO_FEW_GROUPS, "a factor has one level")
    ordered = sorted(random, key=lambda term: term.n_levels)
    if len(ordered) == 1:
        if ordered[0].z.shape[1] > WIDEST:
            raise ModelRefusal(RefusalCode.TOO_LARGE, f"more than {WIDEST} random columns")
        return ordered[0], None
    plain = all(term.columns == (INTERCEPT,) for term in ordered)
    nested = all(
        np.unique(fine.codes * coarse.n_levels + coarse.codes).size == fine.n_levels
        for coarse, fine in pairwise(ordered)
    )
    if len(ordered) > 2 or not plain or not nested or ordered[0].n_levels == ordered[1].n_levels:
        raise ModelRefusal(
            RefusalCode.BAD_FORMULA, "one factor, or persons within groups with intercepts"
        )
    return ordered[0], ordered[1]
