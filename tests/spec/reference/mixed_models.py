"""Which models does the reference file fit on which data, and what do ours give for them?"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import polars as pl

from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.inference import Inference, SmallSample
from knutepunkt.analysis.models.mixed import fit_mixed

GOLD = Path(os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")) / "gold"

BTHEB = "bdi ~ bdi.pre + time + treatment + drug + length"
DOSE = "y ~ wave * attend_cw + wave * attend_gm + (1 | group/person)"
MODELS: dict[str, tuple[str, str, bool]] = {
    "sleep_RS_REML": ("sleepstudy", "Reaction ~ Days + (Days | Subject)", True),
    "sleep_RS_ML": ("sleepstudy", "Reaction ~ Days + (Days | Subject)", False),
    "sleep_RI_REML": ("sleepstudy", "Reaction ~ Days + (1 | Subject)", True),
    "sleep_RSuncorr_REML": ("sleepstudy", "Reaction ~ Days + (Days || Subject)", True),
    "dyestuff_REML": ("dyestuff", "Yield ~ 1 + (1 | Batch)", True),
    "dyestuff2_REML_singular": ("dyestuff2", "Yield ~ 1 + (1 | Batch)", True),
    "btheb_RI_REML": ("btheb_long", f"{BTHEB} + (1 | subject)", True),
    "btheb_RS_REML": ("btheb_long", f"{BTHEB} + (time | subject)", True),
    "groups_wave": ("groups_synth", "y ~ wavef + (1 | group/person)", True),
    "groups_wave_org": ("groups_synth", "y ~ wavef * org + (1 | group/person)", True),
    "groups_dose": ("groups_synth", DOSE, True),
    "groups_slope": ("groups_synth", "y ~ wave + (wave | group) + (1 | person)", True),
}


@cache
def frame(name: str) -> pl.DataFrame:
    rows = pl.read_csv(GOLD / f"{name}.csv", null_values="NA")
    if name == "groups_synth":
        rows = rows.with_columns(pl.col("wave").cast(pl.String).alias("wavef"))
    if "treatment" in rows.columns:
        rows = rows.with_columns(pl.col("treatment").cast(pl.Enum(["TAU", "BtheB"])))
    return rows


@cache
def fitted(model: str) -> MixedFit:
    data, formula, reml = MODELS[model]
    return fit_mixed(formula, frame(data), reml=reml)


def coefficient(model: str, term: str, quantity: str) -> float:
    method, _, column = quantity.partition(":")
    rows = Inference(fitted(model), even_if_singular=True).coefficients(method=SmallSample(method))
    row = next(row for row in rows if row.name == term)
    columns = {
        "Estimate": row.value, "Std. Error": row.se, "df": row.df,
        "t value": row.t, "Pr(>|t|)": row.p_value,
    }  # fmt: skip
    return columns[column]


def spread(model: str, term: str) -> float:
    fit = fitted(model)
    factor, first, second = term.rsplit(":", 2)
    if factor == "Residual":
        return fit.sigma
    for one in fit.terms:
        if one.factor == factor.removesuffix(".1") and first in one.columns:
            at = one.columns.index(first)
            if second == "None":
                return float(one.sd[at])
            return float(one.correlation[at, one.columns.index(second)])
    raise AssertionError(term)
