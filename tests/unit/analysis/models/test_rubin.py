"""Are estimates of completed data sets pooled as Rubin, Barnard and mice do it?"""

from __future__ import annotations

import numpy as np
import pytest

from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.rubin import pool

VALUES = (-2.1, -1.8, -2.4, -2.0, -1.9)
VARIANCES = (0.20, 0.22, 0.19, 0.21, 0.20)


def test_five_estimates_agree_with_mice_pool_scalar() -> None:
    # mice 3.15, pool.scalar(Q, U, n = 80, k = 3)
    found = pool(VALUES, np.sqrt(VARIANCES).tolist(), 77)
    assert found.estimate.value == pytest.approx(-2.04, abs=1e-10)
    assert found.within == pytest.approx(0.204, abs=1e-10)
    assert found.between == pytest.approx(0.053, abs=1e-10)
    assert found.estimate.se**2 == pytest.approx(0.2676, abs=1e-10)
    assert found.estimate.df == pytest.approx(31.651316843281, abs=1e-8)
    assert found.relative_increase == pytest.approx(0.3117647058824, abs=1e-10)
    assert found.fraction_missing == pytest.approx(0.2816683269706, abs=1e-8)


def test_equal_estimates_keep_the_degrees_of_freedom_of_complete_data() -> None:
    found = pool([1.0] * 4, [0.5] * 4, 20)
    assert found.between == 0.0
    assert found.estimate.df == pytest.approx(20 * 21 / 23)
    assert found.estimate.se == pytest.approx(0.5)


def test_endless_complete_degrees_leave_rubins_own() -> None:
    found = pool(VALUES, np.sqrt(VARIANCES).tolist(), float("inf"))
    assert found.estimate.df == pytest.approx(4 / found.missing_information**2, rel=1e-5)


@pytest.mark.parametrize(
    ("values", "errors", "df", "code"),
    [
        ([1.0], [1.0], 9, RefusalCode.BAD_SHAPE),
        ([1.0, 2.0], [1.0], 9, RefusalCode.BAD_SHAPE),
        ([1.0, float("nan")], [1.0, 1.0], 9, RefusalCode.NOT_FINITE),
        ([1.0, 2.0], [1.0, 0.0], 9, RefusalCode.NO_VARIANCE),
        ([1.0, 2.0], [1.0, 1.0], 0, RefusalCode.BAD_ARGUMENT),
    ],
)
def test_what_cannot_be_pooled_is_refused(
    values: list[float], errors: list[float], df: float, code: RefusalCode
) -> None:
    with pytest.raises(ModelRefusal) as refused:
        pool(values, errors, df)
    assert refused.value.code is code
