"""What do our psychometrics give for a row of the reference file?"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from knutepunkt.analysis.measurement import (
    ChangeClass,
    MissingPolicy,
    clopper_pearson,
    cronbach_alpha,
    jeffreys,
    mcdonald_omega,
    omega_total_minres,
    paired_change,
    reliable_change,
    shrout_fleiss,
    wilson,
)
from knutepunkt.analysis.models.rubin import pool

GOLD = Path(os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")) / "gold"

BFI = {
    "bfi_agree": ("A1", "A2", "A3", "A4", "A5"),
    "bfi_consc": ("C1", "C2", "C3", "C4", "C5"),
    "bfi_extra": ("E1", "E2", "E3", "E4", "E5"),
    "bfi_neuro": ("N1", "N2", "N3", "N4", "N5"),
    "bfi_open": ("O1", "O2", "O3", "O4", "O5"),
}
REVERSED = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
RATINGS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


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
    errors = [variance**0.5 for variance in (0.20, 0.22, 0.19, 0.21, 0.20)]
    pooled = pool([-2.1, -1.8, -2.4, -2.0, -1.9], errors, 80 - 3)
    return {
        "m": pooled.completed,
        "qbar": pooled.estimate.value,
        "ubar": pooled.within,
        "b": pooled.between,
        "t": pooled.total,
        "df": pooled.estimate.df,
        "r": pooled.relative_increase,
        "fmi": pooled.fraction_missing,
    }[row["quantity"]]


def figures(row: dict[str, str]) -> list[float]:
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
