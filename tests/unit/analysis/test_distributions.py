"""Do the distributions give what `scipy.stats` gives, to the last bit?"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from knutepunkt.analysis import distributions as ours

P = np.array([1e-15, 1e-6, 0.005, 0.025, 0.05, 0.31, 0.5, 0.8, 0.95, 0.975, 0.995, 1 - 1e-9])
X = np.array([0.0, 1e-9, 0.2, 0.9, 1.0, 1.96, 3.7, 12.0, 400.0, np.inf, np.nan])
DF = np.array([0.4, 1.0, 1.7, 2.0, 3.0, 9.4, 29.0, 117.5, 4e3, 1e6])[:, None]
OTHER = DF[::-1]

CASES: dict[str, tuple[Callable[..., Any], Callable[..., Any], tuple[Any, ...]]] = {
    "normal_quantile": (ours.normal_quantile, stats.norm.ppf, (P,)),
    "normal_below": (ours.normal_below, stats.norm.cdf, (np.concatenate([X, -X]),)),
    "t_quantile": (ours.t_quantile, stats.t.ppf, (P, DF)),
    "t_quantile_without_end": (ours.t_quantile, stats.t.ppf, (P, np.inf)),
    "t_above": (ours.t_above, stats.t.sf, (np.concatenate([X, -X]), DF)),
    "chi2_quantile": (ours.chi2_quantile, stats.chi2.ppf, (P, DF)),
    "chi2_exceeded": (ours.chi2_exceeded, stats.chi2.isf, (P, DF)),
    "chi2_density": (ours.chi2_density, stats.chi2.pdf, (X[1:-2], DF)),
    "f_quantile": (ours.f_quantile, stats.f.ppf, (P, DF, OTHER)),
    "f_above": (ours.f_above, stats.f.sf, (np.concatenate([X, [-1.0]]), DF, OTHER)),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_the_same_number(name: str) -> None:
    mine, theirs, at = CASES[name]
    assert np.array_equal(mine(*at), theirs(*at), equal_nan=True)


@pytest.mark.parametrize("mine", [ours.t_quantile, ours.t_above])
def test_what_has_no_degrees_of_freedom_has_no_number(mine: Callable[..., Any]) -> None:
    assert np.isnan(mine(0.9, [0.0, -1.0, np.nan])).all()


def test_no_server_waits_for_the_slow_import() -> None:
    source = Path(ours.__file__).parents[1]
    importing = re.compile(
        r"^\s*(import scipy\.stats|from scipy\.stats|from scipy import .*\bstats)", re.M
    )
    assert not [path for path in source.rglob("*.py") if importing.search(path.read_text("utf-8"))]


def test_a_share_of_a_count_is_the_same_number() -> None:
    """Limits for x of n, as they are asked for; far outside, the two differ in the last digits."""
    n = np.arange(1, 400)[:, None]
    x = np.minimum(np.arange(0, 400, 7), n - 1)
    for p in (0.005, 0.025, 0.05, 0.95, 0.975, 0.995):
        for a, b in ((x + 1, n - x), (x + 0.5, n - x + 0.5)):
            np.testing.assert_allclose(
                ours.beta_quantile(p, a, b), stats.beta.ppf(p, a, b), rtol=1e-13
            )
