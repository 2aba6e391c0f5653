"""Do psychometrics give what R and published tables give on real data?"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.measurement import (
    MissingPolicy,
    cronbach_alpha,
    group_icc,
    within_group_agreement,
)
from tests.spec.reference.psychometrics import bfi

FOLDER = os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")
SURVEY = Path(FOLDER) / "survey"
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not FOLDER, reason="KNUTEPUNKT_REFERENCE_DATA is not set"),
]


def test_bh1996_wellbeing_over_99_groups() -> None:
    """ICC1 .04337, ICC2 .77171 (multilevel, R)."""
    frame = pl.read_csv(SURVEY / "bh1996_wellbeing_groups.csv")
    score = next(name for name in frame.columns if name.upper().startswith("WBEING"))
    found = group_icc(frame[score].to_numpy(), frame["GRP"].to_numpy())
    assert found.groups == 99
    assert found.n == 7382
    assert found.icc1 == pytest.approx(0.04337, abs=5e-6)
    assert found.icc2 == pytest.approx(0.77171, abs=5e-6)
    assert found.icc1_interval.holds(found.icc1)


def test_bhr2000_leadership_agreement() -> None:
    """Mean .8876 and median .8925 over 99 groups (Bliese, Multilevel Modeling in R, 2.3)."""
    frame = pl.read_csv(SURVEY / "bhr2000_group_items.csv")
    items = [name for name in frame.columns if name not in ("GRP", "HRS", "RELIG")]
    table = frame.select(items).cast(pl.Float64).to_numpy()
    found = within_group_agreement(table, frame["GRP"].to_numpy(), points=5)
    assert found.groups == 99
    assert found.mean == pytest.approx(0.8876, abs=5e-5)
    assert found.median == pytest.approx(0.8925, abs=5e-5)


def test_bfi_feldt_interval_is_that_of_r() -> None:
    found = cronbach_alpha(bfi("bfi_agree"), policy=MissingPolicy.LISTWISE)
    assert found.n == 2709
    assert [found.interval.low, found.interval.high] == pytest.approx(
        [0.6857446350497, 0.7210359627957], abs=1e-12
    )
    assert np.isfinite(found.item_rest).all()
