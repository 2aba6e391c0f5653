"""Do seventeen further data sets give R's figures, statistic by statistic?

Reference: lme4, lmerTest, pbkrtest, clubSandwich, ordinal, psych, lavaan, mice and effectsize, by
`reference/further_cases.R`; what each case reaches for stands in `reference/further_cases.py`.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from knutepunkt.analysis.measurement import (
    Interval,
    KappaWeights,
    MissingPolicy,
    cohen_kappa,
    cronbach_alpha,
    group_icc,
    mcdonald_omega,
    paired_change,
    shrout_fleiss,
)
from knutepunkt.analysis.models import (
    Inference,
    Sandwich,
    SmallSample,
    cluster_robust,
    fit_generalised,
    fit_mixed,
    moments_from_rows,
    parse_formula,
    pool,
    term_tests,
)
from knutepunkt.analysis.models.design import build_design
from tests.spec.reference.further_cases import CASES, Case

RESULTS = Path(__file__).parent / "reference" / "further_cases.csv"
# A squared age is small beside the others: lmerTest takes its share of the hypothesis for rounding
# and leaves it out of F. pbkrtest does not, and neither do we.
LMERTEST_DROPS = ("a square and a logarithm", "Satterthwaite")
Z = float(stats.norm.ppf(0.975))
DDF = {"Satterthwaite": SmallSample.SATTERTHWAITE, "Kenward-Roger": SmallSample.KENWARD_ROGER}


@cache
def r_results() -> dict[str, dict[tuple[str, str], float]]:
    """R's figures by case, then by term and quantity."""
    found: dict[str, dict[tuple[str, str], float]] = {one.name: {} for one in CASES}
    with RESULTS.open() as stream:
        for row in csv.DictReader(stream):
            found[row["name"]][row["term"], row["quantity"]] = float(row["value"])
    return found


def of_kind(*kinds: str) -> pytest.MarkDecorator:
    """Run a test once for each case of these kinds."""
    return pytest.mark.parametrize(
        "case", [one for one in CASES if one.kind in kinds], ids=lambda one: one.name
    )


def same(found: float, wanted: float, rel: float = 1e-5, near: float = 0.0) -> None:
    assert found == pytest.approx(wanted, rel=rel, abs=near)


def column(case: Case, name: str) -> np.ndarray[Any, Any]:
    return np.asarray(case.rows()[name])


@of_kind("mixed")
@pytest.mark.parametrize("reml", [True, False])
def test_linear_models(case: Case, reml: bool) -> None:
    expected, how = r_results()[case.name], "reml" if reml else "ml"
    fit = fit_mixed(case.formula, case.rows(), reml=reml)
    for quantity in ("criterion", "aic", "bic"):
        same(getattr(fit, quantity), expected[how, quantity], 0.0, 1e-6)
    assert fit.singular == bool(expected[how, "singular"])
    same(fit.sigma, expected[how, "sigma"])
    inference = Inference(fit, even_if_singular=True)
    for row in inference.coefficients(method=SmallSample.SATTERTHWAITE):
        se = expected[row.name, f"{how} se"]
        same(row.value, expected[row.name, f"{how} estimate"], 1e-5, 1e-6 * se)
        same(row.se, se)
        same(row.df, expected[row.name, f"{how} satterthwaite"], 1e-4)
    for row in inference.coefficients() if reml else ():
        same(row.se, expected[row.name, "kr se"])
        same(row.df, expected[row.name, "kr df"], 1e-4)


@of_kind("mixed")
@pytest.mark.parametrize("name", sorted(DDF))
def test_terms_of_linear_models(case: Case, name: str) -> None:
    """Type III with several numerator degrees of freedom, and all effects at once."""
    expected = r_results()[case.name]
    if name == "Satterthwaite" and expected["reml", "singular"]:
        pytest.skip("Satterthwaite is refused on singular fits")
    for one in term_tests(case.formula, case.rows(), method=DDF[name]):
        same(one.f, expected[one.term, f"{name} F"])
        same(one.df2, expected[one.term, f"{name} df"], 1e-4)
    fit = fit_mixed(case.formula, case.rows())
    joint = Inference(fit).test(np.eye(len(fit.names))[1:], method=DDF[name])
    if (case.name, name) == LMERTEST_DROPS:
        effects, covariance = fit.beta[1:], fit.vcov[1:, 1:]
        same(joint.statistic, float(effects @ np.linalg.solve(covariance, effects)) / len(effects))
        return
    same(joint.statistic, expected[name, "joint F"])
    same(joint.df2, expected[name, "joint df"], 1e-4)


@of_kind("sandwich")
@pytest.mark.parametrize("kind", list(Sandwich))
def test_sandwiches(case: Case, kind: Sandwich) -> None:
    expected, name = r_results()[case.name], kind.value.upper()
    design = build_design(parse_formula(case.formula), case.rows())
    moments = moments_from_rows(
        design.y, column(case, "g"), design.x[:, 1:], names=design.names[1:]
    )
    robust, units = cluster_robust(moments, kind), np.eye(len(design.names))
    for term, unit in zip(design.names, units, strict=True):
        found = robust.estimate(unit)
        same(found.se, expected[term, f"{name} se"], 1e-8)
        same(found.df, expected[term, f"{name} df"], 1e-8)
    joint = robust.test(units[1:])
    same(joint.statistic, expected[name, "HTZ F"], 1e-8)
    same(joint.df2, expected[name, "HTZ df"], 1e-8)
    alone = robust.test(units[1])
    same(alone.statistic, robust.estimate(units[1]).t ** 2, 1e-9)
    same(alone.df2, robust.df(units[1]), 1e-9)


@of_kind("binary", "ordered")
@pytest.mark.parametrize("points", [1, 3, 5, 7, 11, 25])
def test_answers_by_quadrature(case: Case, points: int) -> None:
    expected = r_results()[case.name]
    if (str(points), "loglik") not in expected:
        pytest.skip("R was asked at other numbers of points")
    fit = fit_generalised(case.formula, case.rows(), ordered=case.kind == "ordered", points=points)
    same(fit.loglik, expected[str(points), "loglik"], 0.0, 1e-6)
    # clmm stops a ten-thousandth of a standard error short of the maximum; ours is never the lower.
    assert fit.loglik > expected[str(points), "loglik"] - 1e-8
    for name, value, se in zip(fit.names, fit.beta, fit.se, strict=True):
        wanted = expected[name, f"{points} se"]
        same(float(value), expected[name, f"{points} estimate"], 1e-6, 1e-4 * wanted)
        same(float(se), wanted, 1e-4)


@of_kind("items")
def test_scales(case: Case) -> None:
    expected = r_results()[case.name]
    items = np.column_stack([column(case, f"i{k}") for k in range(7)]).astype(float)
    items[items == -9.0] = np.nan
    same(cronbach_alpha(items).alpha, expected["", "alpha pairwise"], 1e-10)
    complete = cronbach_alpha(items, policy=MissingPolicy.LISTWISE)
    same(complete.alpha, expected["", "alpha listwise"], 1e-10)
    limits = [expected["", "feldt low"], expected["", "feldt high"]]
    assert [complete.interval.low, complete.interval.high] == pytest.approx(limits, rel=1e-9)
    for k in range(7):
        same(complete.alpha_if_dropped[k], expected[str(k + 1), "dropped"], 1e-10)
        same(complete.item_rest[k], expected[str(k + 1), "item-rest"], 1e-10)
    same(mcdonald_omega(items).omega, expected["", "omega"])
    icc = group_icc(np.nanmean(items, axis=1), column(case, "g"))
    same(icc.icc1, expected["", "icc1"], 1e-9)
    assert icc.icc2 == pytest.approx(expected["", "icc2"], rel=1e-9)


@of_kind("items")
def test_pooling_of_what_mice_filled(case: Case) -> None:
    expected = r_results()[case.name]
    values, errors = ([expected[str(k), part] for k in range(1, 7)] for part in "qu")
    found = pool(values, errors, 168 - 3)
    estimate = found.estimate
    for value, quantity in ((estimate.value, ""), (estimate.se, " se"), (estimate.df, " df"),
                            (estimate.low, " low"), (found.fraction_missing, " fmi")):  # fmt: skip
        same(value, expected["i1", f"pooled{quantity}"], 1e-8)


@of_kind("coders")
def test_coders(case: Case) -> None:
    """The variance of plain kappa as well; psych's for weights is not the delta method's."""
    expected, given = r_results()[case.name], (column(case, "one"), column(case, "other"))
    plain = cohen_kappa(*given)
    same(plain.value, expected["", "kappa"], 1e-10)
    same(((plain.value - plain.interval.low) / Z) ** 2, expected["", "kappa variance"], 1e-9)
    for weights in (KappaWeights.LINEAR, KappaWeights.QUADRATIC):
        found = cohen_kappa(*given, weights=weights)
        same(found.value, expected["", f"kappa {weights.value}"], 1e-10)


@of_kind("pairs")
def test_pairs_and_raters(case: Case) -> None:
    expected = r_results()[case.name]
    table = np.column_stack([column(case, f"r{k}") for k in range(3)]).astype(float)
    change = paired_change(table[:, 0], table[:, 1])
    same(change.t, expected["", "t"], 1e-9)
    same(change.interval.low, expected["", "low"], 1e-9)
    same(change.d_z.d, expected["", "d_z"], 1e-9)
    same(change.d_z.interval.low, expected["", "d_z low"])
    for form, one in shrout_fleiss(table).items():
        limits: Interval = one.interval
        same(one.icc, expected[form, "icc"], 1e-9)
        same(limits.low, expected[form, "icc low"], 1e-8)
        same(limits.high, expected[form, "icc high"], 1e-8)
