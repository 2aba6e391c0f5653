"""How likely is a value, and which value is so likely, under the distributions that tests rest on?

The same functions that `scipy.stats` calls, called directly: importing `scipy.stats` takes longer
than a quarter of the start of a server, and each call of it longer than the computing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special


def normal_quantile(p: Any) -> Any:
    """The value that a standard normal variable stays below with probability ``p``."""
    return special.ndtri(p)


def normal_below(x: Any) -> Any:
    """The probability that a standard normal variable stays below ``x``."""
    return special.ndtr(x)


def t_quantile(p: Any, df: Any) -> Any:
    """The value that Student's t with so many degrees of freedom stays below."""
    return special.stdtrit(df, p)


def t_above(x: Any, df: Any) -> Any:
    """The probability that Student's t exceeds ``x``."""
    return special.stdtr(df, -np.asarray(x))


def chi2_quantile(p: Any, df: Any) -> Any:
    """The value that chi-square stays below."""
    return 2.0 * special.gammaincinv(np.asarray(df) / 2.0, p)


def chi2_exceeded(p: Any, df: Any) -> Any:
    """The value that chi-square exceeds with probability ``p``."""
    return special.chdtri(df, p)


def chi2_density(x: Any, df: Any) -> Any:
    """The density of chi-square at ``x``."""
    half = np.asarray(df) / 2.0
    log = special.xlogy(half - 1.0, x) - np.asarray(x) / 2.0 - special.gammaln(half)
    return np.exp(log - np.log(2.0) * half)


def f_quantile(p: Any, df1: Any, df2: Any) -> Any:
    """The value that F stays below."""
    return special.fdtri(df1, df2, p)


def f_above(x: Any, df1: Any, df2: Any) -> Any:
    """The probability that F exceeds ``x``."""
    return special.fdtrc(df1, df2, np.maximum(x, 0.0))


def beta_quantile(p: Any, a: Any, b: Any) -> Any:
    """The value that a beta variable stays below."""
    return special.betaincinv(a, b, p)
