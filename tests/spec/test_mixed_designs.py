"""Do 200 simulated designs, 37 of them singular, give what R gives?

Statistic: fixed effects, standard errors, variances, criterion, Satterthwaite and Kenward-Roger
degrees of freedom of linear mixed models. Reference: lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2,
optimised to 1e-12; see `reference/mixed_designs.R`.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from knutepunkt.analysis.models.inference import Inference, SmallSample
from knutepunkt.analysis.models.mixed import fit_mixed
from tests.spec.reference.designs import COUNT, design

RESULTS = Path(__file__).parent / "reference" / "mixed_designs.csv"


@cache
def r_results() -> dict[int, dict[tuple[str, str], float]]:
    """R's figures by design, then by term and quantity."""
    found: dict[int, dict[tuple[str, str], float]] = {number: {} for number in range(COUNT)}
    with RESULTS.open() as stream:
        for row in csv.DictReader(stream):
            found[int(row["number"])][row["term"], row["quantity"]] = float(row["value"])
    return found


def test_the_designs_are_as_many_and_as_singular_as_said() -> None:
    singular = [figures["", "singular"] for figures in r_results().values()]
    assert (len(singular), sum(singular)) == (200, 37)


@pytest.mark.parametrize("number", range(COUNT))
def test_design_agrees_with_r(number: int) -> None:
    one, expected = design(number), r_results()[number]
    fit = fit_mixed(one.formula, one.rows, reml=one.reml)
    assert fit.criterion == pytest.approx(expected["", "criterion"], abs=1e-6)
    assert fit.singular == bool(expected["", "singular"])
    # R's Satterthwaite on singular fits is compared here though no report would use it.
    inference = Inference(fit, even_if_singular=True)
    for row in inference.coefficients(method=SmallSample.SATTERTHWAITE):
        se = expected[row.name, "se"]
        assert row.value == pytest.approx(expected[row.name, "estimate"], rel=1e-5, abs=1e-6 * se)
        assert row.se == pytest.approx(se, rel=1e-5)
        assert row.df == pytest.approx(expected[row.name, "satterthwaite_df"], rel=1e-4)
    if one.reml:
        for row in inference.coefficients(method=SmallSample.KENWARD_ROGER):
            assert row.se == pytest.approx(expected[row.name, "kr_se"], rel=1e-5)
            assert row.df == pytest.approx(expected[row.name, "kr_df"], rel=1e-4)


@pytest.mark.parametrize("number", range(0, COUNT, 9))
def test_variances_agree_with_r(number: int) -> None:
    one, expected = design(number), r_results()[number]
    fit = fit_mixed(one.formula, one.rows, reml=one.reml)
    sizes = {key: value for key, value in expected.items() if key[1] == "vcov"}
    assert fit.sigma**2 == pytest.approx(sizes["Residual|NA|NA", "vcov"], rel=1e-5)
    for term in fit.terms:
        for position, column in enumerate(term.columns):
            found = [
                value
                for (name, _), value in sizes.items()
                if re.sub(r"\.1$|[()]", "", name.split("|")[0]) == term.factor
                and name.split("|")[1:] == [column, "NA"]
            ]
            variance = term.covariance[position, position]
            assert variance == pytest.approx(found[0], rel=1e-4, abs=1e-7 * fit.sigma**2)
