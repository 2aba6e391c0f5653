"""Do quadrature models of yes-no and ordered answers give what R gives on 16 designs?

Reference: lme4 1.1-31 `glmer` and ordinal 2022.11-16 `clmm`, 25 adaptive Gauss-Hermite points; see
`reference/answer_designs.R`.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import polars as pl
import pytest

from knutepunkt.analysis.models.generalised import fit_generalised
from tests.spec.reference.answer_designs import COUNT, answers

RESULTS = Path(__file__).parent / "reference" / "answer_designs.csv"
FOLDER = os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")


def r_results(number: int) -> dict[tuple[str, str], float]:
    with RESULTS.open() as stream:
        rows = [row for row in csv.DictReader(stream) if int(row["number"]) == number]
    return {(row["term"], row["quantity"]): float(row["value"]) for row in rows}


@pytest.mark.parametrize("number", range(COUNT))
def test_design_agrees_with_r(number: int) -> None:
    formula, rows = answers(number)
    fit = fit_generalised(formula, rows, ordered=number % 2 == 1, points=25)
    expected = r_results(number)
    assert fit.loglik == pytest.approx(expected["", "loglik"], abs=1e-6)
    spread = expected["", "sd"]
    if spread > 1e-3:
        assert fit.terms[0].sd[0] == pytest.approx(spread, rel=1e-4)
    else:
        assert fit.singular
    for place, name in enumerate(fit.names):
        assert fit.beta[place] == pytest.approx(expected[name, "estimate"], rel=1e-4, abs=1e-5)
        assert fit.se[place] == pytest.approx(expected[name, "se"], rel=1e-3)
    if number % 2:
        for cut, value in enumerate(fit.thresholds):
            assert value == pytest.approx(
                expected[f"{cut}|{cut + 1}", "estimate"], rel=1e-4, abs=1e-5
            )


@pytest.mark.reference
@pytest.mark.skipif(not FOLDER, reason="KNUTEPUNKT_REFERENCE_DATA is not set")
def test_a_benefit_question_in_groups() -> None:
    """glmer with 9 points; its search stops a hundred-thousandth short of the maximum."""
    rows = pl.read_csv(Path(FOLDER) / "gold" / "benefit_binary.csv")
    rows = rows.with_columns(a=(pl.col("att") - pl.col("att").mean()) / pl.col("att").std())
    fit = fit_generalised("b ~ a + (1 | group)", rows, points=9)
    assert fit.loglik == pytest.approx(-52.478183046762, abs=1e-8)
    assert fit.beta == pytest.approx([1.029713787982, -0.6492149509606], rel=5e-5)
    assert fit.se == pytest.approx([0.2988811898254, 0.2685294973236], rel=5e-5)
    assert fit.terms[0].sd[0] == pytest.approx(0.4400508768631, rel=5e-5)
