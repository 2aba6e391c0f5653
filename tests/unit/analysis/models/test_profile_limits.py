"""Are profile limits where the dense likelihood, maximised over all else, says they are?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from knutepunkt.analysis.models.design import build_design
from knutepunkt.analysis.models.formula import parse_formula
from knutepunkt.analysis.models.mixed import fit_design
from knutepunkt.analysis.models.moments import moments_from_rows
from knutepunkt.analysis.models.profile_interval import (
    ProfileLimits,
    profile_limits,
    share_limits,
)
from knutepunkt.analysis.models.random_intercept import fit_random_intercept
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from tests.unit.analysis.models.oracles import dense_criterion, indicator


def nested() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(11)
    person = np.repeat(np.arange(30), 3)
    group = person // 5
    wave = np.tile(np.arange(3.0), 30)
    y = 20 - wave + rng.normal(0, 2, 6)[group] + rng.normal(0, 3, 30)[person]
    return {"y": y + rng.normal(0, 2, 90), "wave": wave, "group": group, "person": person}


class Dense:
    """The deviance of y ~ wave + (1 | group/person) with V written out, and its profiles."""

    def __init__(self, rows: dict[str, np.ndarray]) -> None:
        self.y = rows["y"]
        self.x = np.column_stack([np.ones(90), rows["wave"]])
        shared = (rows["group"], rows["person"])
        self.parts = [indicator(codes) @ indicator(codes).T for codes in shared] + [np.eye(90)]

    def deviance(self, sds: np.ndarray, offset: float | None = None) -> float:
        v = sum(sd**2 * part for sd, part in zip(sds, self.parts, strict=True))
        if offset is None:
            return dense_criterion(self.y, self.x, v, reml=False)
        return dense_criterion(self.y - offset * self.x[:, 1], self.x[:, :1], v, reml=False)

    def profiled(self, place: int, value: float) -> float:
        """The least deviance with one standard deviation (0-2) or the slope (3) held."""

        def held(free: np.ndarray) -> float:
            if place == 3:
                return self.deviance(np.exp(free), value)
            return self.deviance(np.insert(np.exp(free), place, value))

        start = np.log([2.0, 3.0, 2.0]) if place == 3 else np.log([2.5, 2.5])
        options = {"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000}
        return float(optimize.minimize(held, start, method="Nelder-Mead", options=options).fun)


@pytest.mark.parametrize(
    "name", ["group:(Intercept)", "person:group:(Intercept)", "residual", "wave"]
)
def test_the_deviance_at_a_limit_is_the_least_plus_the_quantile(name: str) -> None:
    rows = nested()
    found = {one.name: one for one in profile_limits("y ~ wave + (1 | group/person)", rows)}
    place = ["group:(Intercept)", "person:group:(Intercept)", "residual", "wave"].index(name)
    dense, one = Dense(rows), found[name]
    least = dense.profiled(place, one.value)
    for limit in (one.low, one.high):
        assert dense.profiled(place, limit) - least == pytest.approx(
            stats.chi2.ppf(0.95, 1), abs=1e-4
        )
    assert one.low < one.value < one.high


def test_a_variance_that_may_be_zero_has_the_limit_zero() -> None:
    rows = nested()
    rng = np.random.default_rng(4)
    rows["y"] = rng.normal(size=90)
    found = {one.name: one for one in profile_limits("y ~ wave + (1 | group)", rows)}
    assert found["group:(Intercept)"].low == 0.0
    assert found["group:(Intercept)"].high > 0.0


def test_a_correlation_has_limits_inside_one() -> None:
    rng = np.random.default_rng(5)
    person = np.repeat(np.arange(40), 6)
    time = np.tile(np.arange(6.0), 40)
    start = rng.normal(0, 3, 40)
    slope = 0.2 * start + rng.normal(0, 0.6, 40)
    rows = {
        "y": 5 + start[person] + slope[person] * time + rng.normal(0, 1, 240),
        "p": person,
        "t": time,
    }
    found: dict[str, ProfileLimits] = {
        one.name: one for one in profile_limits("y ~ t + (t | p)", rows)
    }
    correlation = found["p:(Intercept):t"]
    assert correlation.kind == "correlation"
    assert -1 < correlation.low < correlation.value < correlation.high < 1
    assert correlation.low > 0  # the simulated correlation is 0.7


def test_too_many_variances_are_refused() -> None:
    rows = nested() | {
        "a": nested()["wave"] ** 2,
        "b": nested()["y"] * 0 + np.tile([1.0, -1, 0, 1, 1], 18),
    }
    with pytest.raises(ModelRefusal) as refusal:
        profile_limits("y ~ wave + (wave + a + b | group)", rows)
    assert refusal.value.code is RefusalCode.TOO_LARGE


def test_the_limits_of_a_share_are_where_the_restricted_deviance_says() -> None:
    rows = nested()
    design = build_design(parse_formula("y ~ wave + (1 | group/person)"), rows)
    fit = fit_design(design)
    [found] = share_limits(fit, design, factor="group")
    dense = Dense(rows)

    def least(share: float) -> float:
        """The least restricted deviance where the groups have this share of the variance."""

        def held(free: np.ndarray) -> float:
            person, sigma = np.exp(free)
            group = share / (1.0 - share) * (person + sigma)
            sizes = (group, person, sigma)
            v = sum(size * part for size, part in zip(sizes, dense.parts, strict=True))
            return dense_criterion(dense.y, dense.x, v, reml=True)

        options = {"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000}
        start = np.log([9.0, 4.0])
        return float(optimize.minimize(held, start, method="Nelder-Mead", options=options).fun)

    best = least(found.value)
    assert best == pytest.approx(fit.criterion, abs=1e-6)
    quantile = stats.chi2.ppf(0.95, 1)
    assert 0.0 < found.low < found.value < found.high < 1.0
    for limit in (found.low, found.high):
        assert least(limit) - best == pytest.approx(quantile, abs=1e-3)


def test_with_one_factor_a_share_has_the_limits_of_the_random_intercept() -> None:
    rows = nested()
    design = build_design(parse_formula("y ~ 1 + (1 | group)"), rows)
    [found] = share_limits(fit_design(design), design)
    expected = fit_random_intercept(moments_from_rows(rows["y"], rows["group"])).icc_interval
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-5)
