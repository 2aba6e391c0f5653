"""What are the interval, the degrees of freedom and the test of a contrast of fixed effects?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from knutepunkt.analysis.distributions import t_above, t_quantile
from knutepunkt.analysis.models.arrays import Floats
from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.kenward_roger import FTest, KenwardRoger, adjusted, denominator
from knutepunkt.analysis.models.kenward_roger import f_test as kenward_roger_f
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.satterthwaite import Satterthwaite, satterthwaite
from knutepunkt.analysis.models.satterthwaite import f_test as satterthwaite_f


class SmallSample(StrEnum):
    """How degrees of freedom are found."""

    KENWARD_ROGER = "kenward_roger"
    SATTERTHWAITE = "satterthwaite"


@dataclass(frozen=True)
class Estimate:
    """A contrast of fixed effects with its uncertainty.

    Attributes:
        name: what is estimated.
        value: the estimate.
        se: its standard error by the method.
        df: degrees of freedom of t.
        t: value / se.
        p_value: two-sided.
        low, high: the interval.
        level: its confidence level.
        method: how se and df were found.
    """

    name: str
    value: float
    se: float
    df: float
    t: float
    p_value: float
    low: float
    high: float
    level: float
    method: str


def t_estimate(
    name: str, value: float, se: float, df: float, *, level: float, method: str
) -> Estimate:
    """Put a t interval around an estimate.

    Raises:
        ModelRefusal: ``degenerate_interval`` unless se and df are positive and finite.
    """
    if not (np.isfinite(value) and np.isfinite(se) and se > 0.0 and np.isfinite(df) and df > 0.0):
        raise ModelRefusal(RefusalCode.DEGENERATE_INTERVAL, f"{name} has no usable standard error")
    reach = float(t_quantile(0.5 + level / 2.0, df)) * se
    t = value / se
    p_value = 2.0 * float(t_above(abs(t), df))
    return Estimate(name, value, se, df, t, p_value, value - reach, value + reach, level, method)


class Inference:
    """Small-sample inference about one fit, prepared once and asked many times."""

    def __init__(self, fit: MixedFit, *, even_if_singular: bool = False) -> None:
        self.fit = fit
        self.even_if_singular = even_if_singular

    @cached_property
    def _kenward_roger(self) -> KenwardRoger:
        if not self.fit.reml:
            raise ModelRefusal(RefusalCode.BAD_ARGUMENT, "Kenward-Roger corrects a REML fit")
        parts = self.fit.solver.kenward_roger_parts(self.fit.inner_theta, self.fit.sigma**2)
        return adjusted(parts)

    @cached_property
    def _satterthwaite(self) -> Satterthwaite:
        return satterthwaite(self.fit, even_if_singular=self.even_if_singular)

    def estimate(
        self,
        contrast: ArrayLike,
        *,
        name: str = "",
        method: SmallSample = SmallSample.KENWARD_ROGER,
        level: float = 0.95,
    ) -> Estimate:
        """Return the estimate of one contrast of the named effects, shape (p,)."""
        row = self._checked(contrast)
        inner = self.fit.inner_contrast(row)
        value = float(row[0] @ self.fit.beta)
        if method is SmallSample.KENWARD_ROGER:
            vcov = self._kenward_roger.vcov
            df = denominator(self._kenward_roger, inner)[0]
        else:
            vcov = self._satterthwaite.vcov
            df = self._satterthwaite.df(inner)
        se = float(np.sqrt(inner[0] @ vcov @ inner[0]))
        return t_estimate(name, value, se, df, level=level, method=method.value)

    def coefficients(
        self, *, method: SmallSample = SmallSample.KENWARD_ROGER, level: float = 0.95
    ) -> tuple[Estimate, ...]:
        """Return every fixed effect with its uncertainty, in the order of ``fit.names``."""
        rows = np.eye(len(self.fit.names))
        return tuple(
            self.estimate(row, name=name, method=method, level=level)
            for row, name in zip(rows, self.fit.names, strict=True)
        )

    def test(
        self, contrast: ArrayLike, *, method: SmallSample = SmallSample.KENWARD_ROGER
    ) -> FTest:
        """Test that contrasts of the named effects, shape (q, p), are all zero."""
        rows = self._checked(contrast)
        inner, gap = self.fit.inner_contrast(rows), rows @ self.fit.beta
        if method is SmallSample.KENWARD_ROGER:
            # A shift of origin of beta is no concern of F: it looks at the gap alone.
            solved: Floats = np.asarray(np.linalg.lstsq(inner, gap, rcond=None)[0])
            return kenward_roger_f(self._kenward_roger, inner, solved)
        return satterthwaite_f(self._satterthwaite, inner, gap)

    def _checked(self, contrast: ArrayLike) -> Floats:
        rows = np.atleast_2d(np.asarray(contrast, dtype=np.float64))
        if rows.shape[1] != len(self.fit.names):
            raise ModelRefusal(
                RefusalCode.BAD_SHAPE, f"a contrast needs {len(self.fit.names)} weights"
            )
        return rows
