"""Do the psychometrics agree with what R computed on real data, each row within its tolerance?"""

import csv
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.measurement import (
    ChangeClass,
    MissingPolicy,
    clopper_pearson,
    cronbach_alpha,
    group_icc,
    jeffreys,
    mcdonald_omega,
    omega_total_minres,
    paired_change,
    pool,
    reliable_change,
    shrout_fleiss,
    wilson,
    within_group_agreement,
)

HERE = os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")
GOLD = Path(HERE) / "gold"
SURVEY = Path(HERE) / "survey"
SOURCES = {"R", "psych", "psych/lavaan", "psych::ICC", "mice::pool.scalar"}

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not HERE, reason="KNUTEPUNKT_REFERENCE_DATA names no folder"),
]

BFI = {
    "bfi_agree": ("A1", "A2", "A3", "A4", "A5"),
    "bfi_consc": ("C1", "C2", "C3", "C4", "C5"),
    "bfi_extra": ("E1", "E2", "E3", "E4", "E5"),
    "bfi_neuro": ("N1", "N2", "N3", "N4", "N5"),
    "bfi_open": ("O1", "O2", "O3", "O4", "O5"),
}
REVERSED = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
RATINGS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def rows() -> list[dict[str, str]]:
    if not HERE:
        return []
    with (GOLD / "gold_flat.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["source"] in SOURCES]


@cache
def bfi(scale: str) -> Any:
    frame = pl.read_csv(GOLD / "bfi.csv", null_values="NA")
    columns = [
        (7 - pl.col(item) if item in REVERSED else pl.col(item)).cast(pl.Float64).alias(item)
        for item in BFI[scale]
    ]
    return frame.select(columns).fill_null(float("nan")).to_numpy()


@cache
def btheb() -> tuple[Any, Any]:
    frame = pl.read_csv(GOLD / "btheb_wide.csv", null_values="NA").select("bdi.pre", "bdi.2m")
    table = frame.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return table[:, 0], table[:, 1]


def of_scale(row: dict[str, str]) -> float:
    items = bfi(row["model"])
    computed: dict[str, Callable[[], float]] = {
        "alpha_pairwise_raw": lambda: cronbach_alpha(items).alpha,
        "alpha_listwise_raw": lambda: cronbach_alpha(items, policy=MissingPolicy.LISTWISE).alpha,
        "omega_cfa_listwise": lambda: mcdonald_omega(items).omega,
        "compRelSEM": lambda: mcdonald_omega(items).omega_observed,
        "omega_total_1f_minres_listwise": lambda: omega_total_minres(items),
    }
    return computed[row["quantity"]]()


def of_btheb(row: dict[str, str]) -> float:
    before, after = btheb()
    changed = reliable_change(before, after, reliability=0.88, higher_is_better=False, cutoff=14)
    paired = paired_change(before, after)
    if row["quantity"] == "count":
        return changed.count(ChangeClass(row["term"]))
    return {
        "threshold_95": changed.threshold,
        "Sdiff": changed.sd_of_difference,
        "SEM": changed.sem,
        "t": paired.t,
        "p": paired.p,
        "mean_diff": paired.difference,
        "d_z": paired.d_z.d,
        "d_av": paired.d_av.d,
        "d_rm": paired.d_rm,
        "d_pre_glass": paired.d_pre,
        "g_z": paired.d_z.g,
        "MID_halfSD": paired.half_sd,
    }[row["quantity"]]


def of_pooling(row: dict[str, str]) -> float:
    pooled = pool(
        [-2.1, -1.8, -2.4, -2.0, -1.9], [0.20, 0.22, 0.19, 0.21, 0.20], n=80, coefficients=3
    )
    return {
        "m": pooled.imputations,
        "qbar": pooled.estimate,
        "ubar": pooled.within,
        "b": pooled.between,
        "t": pooled.total,
        "df": pooled.df,
        "r": pooled.relative_increase,
        "fmi": pooled.fraction_missing,
    }[row["quantity"]]


def computed(row: dict[str, str]) -> list[float]:
    model = row["model"]
    if model.startswith("prop "):
        x, n = (int(one) for one in model.removeprefix("prop ").split("/"))
        made = {"wilson": wilson, "cp": clopper_pearson, "jeffreys": jeffreys}[
            row["term"] or row["quantity"]
        ]
        interval = made(x, n)
        return [interval.low, interval.high]
    if model.startswith("bfi_"):
        return [of_scale(row)]
    if model == "ShroutFleiss1979":
        return [shrout_fleiss(RATINGS)[row["term"]].icc]
    return [of_pooling(row) if model == "rubin" else of_btheb(row)]


@pytest.mark.parametrize(
    "row", rows(), ids=lambda row: f"{row['model']}-{row['term']}-{row['quantity']}"
)
def test_gold(row: dict[str, str]) -> None:
    wanted = [float(one) for one in row["value"].split("..")]
    tolerance = row["tolerance"]
    size = 0.0 if tolerance == "exact" else float(tolerance.split()[0])
    if tolerance.endswith("rel"):
        assert computed(row) == pytest.approx(wanted, rel=size, abs=0)
    else:
        assert computed(row) == pytest.approx(wanted, rel=size, abs=size)


def test_every_psychometric_row_was_walked() -> None:
    assert len(rows()) == 70


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
