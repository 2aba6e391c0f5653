"""Would a difference this large arise by chance, judged by flipping the residuals of whole groups?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from knutepunkt.analysis.models.cluster_robust import (
    InnerClusters,
    Sandwich,
    adjustments,
    inner_clusters,
)
from knutepunkt.analysis.models.moments import GroupMoments
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

REPLICATIONS = 9_999
SEED = 20_071
FEW_GROUPS = 12  # below this two-point weights give too few different samples
WEBB = np.sqrt(np.array([0.5, 1.0, 1.5]))
HALVINGS = 40
LONGEST_REACH = 64.0  # standard errors; beyond that the test never rejects


@dataclass(frozen=True)
class WildBootstrap:
    """A contrast with p and interval by the wild cluster bootstrap.

    Attributes:
        value: the estimate.
        null: the value tested.
        t: (value - null) over the cluster-robust standard error.
        p_value: share of draws with a larger |t|, the null imposed.
        low, high: nulls that are not rejected; infinite where the test never rejects.
        level: confidence level.
        n_groups, replications: what it rests on.
    """

    value: float
    null: float
    t: float
    p_value: float
    low: float
    high: float
    level: float
    n_groups: int
    replications: int


def wild_cluster_bootstrap(
    moments: GroupMoments,
    contrast: ArrayLike,
    *,
    null: float = 0.0,
    level: float = 0.95,
    kind: Sandwich = Sandwich.CR1,
    replications: int = REPLICATIONS,
    seed: int = SEED,
) -> WildBootstrap:
    """Test a contrast of least squares by the wild cluster bootstrap-t with the null imposed.

    The residuals of the restricted fit keep their group; each group's are multiplied by one draw:
    +-1, or below twelve groups one of Webb's six points. From sums per group alone:
    with a_g = X_g'e_g restricted and d = sum w_g a_g, the score of a draw is w_g a_g - X_g'X_g d.
    The interval inverts the test with the same draws for every null.

    Raises:
        ModelRefusal: ``too_few_groups``, ``collinear_columns``, ``too_few_rows``, or
            ``not_estimable`` where the clusters say nothing of the contrast.
    Sources: Cameron, Gelbach and Miller (2008), Rev Econ Stat 90, 414-427; Webb (2023), Canadian J
    Econ 56, 839-858; Roodman et al. (2019), Stata Journal 19, 4-60.
    """
    draws = _Draws(inner_clusters(moments), contrast, kind, replications, seed)
    value = draws.value
    p_value = draws.p_value(value - null)
    ends = [value + sign * draws.reach(sign, 1.0 - level) for sign in (-1.0, 1.0)]
    return WildBootstrap(
        value=value,
        null=null,
        t=(value - null) / draws.se,
        p_value=p_value,
        low=ends[0],
        high=ends[1],
        level=level,
        n_groups=moments.n_groups,
        replications=replications,
    )


def wild_cluster_p(
    moments: GroupMoments,
    contrast: ArrayLike,
    *,
    null: float = 0.0,
    kind: Sandwich = Sandwich.CR1,
    replications: int = REPLICATIONS,
    seed: int = SEED,
) -> float:
    """Return the p-value of :func:`wild_cluster_bootstrap` alone; the interval takes most of the time.

    Raises:
        ModelRefusal: as there.
    """
    draws = _Draws(inner_clusters(moments), contrast, kind, replications, seed)
    return draws.p_value(draws.value - null)


class _Draws:
    """The weights of all draws, and what a null needs to be tested with them."""

    def __init__(
        self,
        inner: InnerClusters,
        contrast: ArrayLike,
        kind: Sandwich,
        replications: int,
        seed: int,
    ) -> None:
        row = np.asarray(contrast, dtype=np.float64)
        if row.shape != inner.beta.shape:
            raise ModelRefusal(RefusalCode.BAD_SHAPE, f"a contrast needs {inner.beta.size} weights")
        self.inner, self.c = inner, row @ inner.back
        self.value = float(row @ inner.beta)
        roots = adjustments(inner.within, kind)
        self.u = roots @ self.c
        self.pulls = np.einsum("gi,gij->gj", self.u, inner.within)
        own = np.einsum("gi,gi->g", self.u, inner.scores)
        self.se = float(np.sqrt(own @ own))
        if not self.se > 0.0:
            raise ModelRefusal(RefusalCode.NOT_ESTIMABLE, "the groups say nothing of the contrast")
        groups = len(inner.within)
        rng = np.random.default_rng(seed)
        points = np.concatenate([-WEBB, WEBB]) if groups < FEW_GROUPS else np.array([-1.0, 1.0])
        self.weights = rng.choice(points, size=(replications, groups))

    def p_value(self, gap: float) -> float:
        """Return the share of draws at least as far out when the null lies ``gap`` below value."""
        moved = np.einsum("gij,j->gi", self.inner.within, self.c) * (gap / float(self.c @ self.c))
        restricted = self.inner.scores + moved
        shift = self.weights @ restricted
        own = np.einsum("gi,gi->g", self.u, restricted)
        scores = self.weights * own - shift @ self.pulls.T
        spread = np.sqrt((scores**2).sum(axis=1))
        t = np.abs(shift @ self.c) / np.where(spread > 0.0, spread, np.inf)
        beyond = int((t >= abs(gap) / self.se * (1.0 - 1e-12)).sum())
        return (beyond + 1.0) / (len(self.weights) + 1.0)

    def reach(self, sign: float, alpha: float) -> float:
        """Return how far a null may lie on one side before it is rejected."""
        inside, outside = 0.0, self.se
        while self.p_value(-sign * outside) > alpha:
            inside, outside = outside, 2.0 * outside
            if outside > LONGEST_REACH * self.se:
                return float("inf")
        for _ in range(HALVINGS):
            middle = 0.5 * (inside + outside)
            if self.p_value(-sign * middle) > alpha:
                inside = middle
            else:
                outside = middle
            if outside - inside < 1e-6 * self.se:
                break
        return outside
