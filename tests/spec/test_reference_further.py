"""Does what R computed beside the reference file come out: limits, tests, means, sandwiches?

Skipped by name without KNUTEPUNKT_REFERENCE_DATA.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from knutepunkt.analysis.measurement import (
    MissingPolicy,
    cronbach_alpha,
    mcdonald_omega,
    paired_change,
    reliable_change_index,
    shrout_fleiss,
)
from knutepunkt.analysis.models.cluster_robust import Sandwich, cluster_robust
from knutepunkt.analysis.models.design import build_design
from knutepunkt.analysis.models.formula import parse_formula
from knutepunkt.analysis.models.inference import Inference, SmallSample
from knutepunkt.analysis.models.moments import moments_from_rows
from knutepunkt.analysis.models.profile_interval import profile_limits
from knutepunkt.analysis.models.term_tests import term_tests
from tests.spec.reference.mixed_models import MODELS, fitted, frame
from tests.spec.reference.psychometrics import BFI, RATINGS, bfi, btheb

FOLDER = os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not FOLDER, reason="KNUTEPUNKT_REFERENCE_DATA is not set"),
]


@cache
def stored(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((Path(FOLDER) / "gold" / f"{name}.json").read_text())
    return loaded


def test_profile_limits_are_those_of_lme4() -> None:
    # lme4 reads its limits off a spline through the profile; ours are solved for.
    limits = profile_limits("Reaction ~ Days + (1 | Subject)", frame("sleepstudy"))
    for found, wanted in zip(
        limits, stored("mixed_gold")["sleep_RI_REML"]["confint_profile"], strict=True
    ):
        assert (found.low, found.high) == pytest.approx(
            (wanted["2.5 %"], wanted["97.5 %"]), rel=5e-6
        )


def test_term_tests_of_three_rounds_are_those_of_lmertest() -> None:
    for method, key in (("kenward_roger", "anova_KR"), ("satterthwaite", "anova_satt")):
        found = term_tests(
            MODELS["groups_wave"][1], frame("groups_synth"), method=SmallSample(method)
        )
        wanted = stored("mixed_gold")["groups_wave"][key][0]
        assert [one.term for one in found] == ["wavef"]
        assert found[0].f == pytest.approx(wanted["F value"], rel=1e-5)
        assert found[0].df2 == pytest.approx(wanted["DenDF"], rel=1e-5)
        assert found[0].p_value == pytest.approx(wanted["Pr(>F)"], rel=1e-4)


def test_interaction_and_main_effects_are_those_of_lmertest() -> None:
    """Type III with Kenward-Roger, lmerTest 3.1-3 at optimiser tolerance 1e-12."""
    found = {
        one.term: one for one in term_tests(MODELS["groups_wave_org"][1], frame("groups_synth"))
    }
    wanted = {
        "wavef": (24.432739472020, 2, 146.72288281339),
        "org": (0.262224346143, 1, 9.89819722158),
        "wavef:org": (1.115867968836, 2, 146.72288281339),
    }
    for term, figures in wanted.items():
        one = found[term]
        assert (one.f, one.df1, one.df2) == pytest.approx(figures, rel=1e-6)


def test_a_slope_against_its_absence() -> None:
    wanted = stored("mixed_gold")["sleep_RS_REML"]["LRT_vs_RI"][1]
    chi = fitted("sleep_RI_REML").criterion - fitted("sleep_RS_REML").criterion
    assert chi == pytest.approx(wanted["Chisq"], abs=1e-6)
    assert stats.chi2.sf(chi, 2) == pytest.approx(wanted["Pr(>Chisq)"], rel=1e-5)
    f = stored("mixed_gold")["sleep_RI_REML"]["KRmodcomp"][0]
    found = Inference(fitted("sleep_RI_REML")).test([0, 1])
    assert (found.statistic, found.df2, found.scaling) == pytest.approx(
        (f["stat"], f["ddf"], f["F.scaling"]), rel=1e-6
    )


def test_information_criteria_and_correlated_estimates() -> None:
    for model in ("sleep_RS_REML", "sleep_RS_ML", "btheb_RI_REML", "groups_wave_org"):
        wanted, fit = stored("mixed_gold")[model], fitted(model)
        assert (fit.aic, fit.bic, fit.loglik) == pytest.approx(
            (wanted["AIC"], wanted["BIC"], wanted["logLik"]), rel=1e-7
        )
        np.testing.assert_allclose(fit.vcov, wanted["vcov"], rtol=2e-4, atol=1e-6)


def test_adjusted_means_of_two_treatments() -> None:
    """Means over an equal mix of the other categories, at the mean of the covariates."""
    rows = frame("btheb_long").drop_nulls(["bdi", "bdi.pre"])
    fit = fitted("btheb_RI_REML")
    # Covariates are averaged over the rows of the model, as emmeans does.
    at = {"(Intercept)": 1.0, "drugYes": 0.5, "length>6m": 0.5}
    at |= {name: float(rows[name].cast(pl.Float64).mean()) for name in ("bdi.pre", "time")}  # type: ignore[arg-type]
    base = np.array([at.get(name, 0.0) for name in fit.names])
    arm = np.array([float(name == "treatmentBtheB") for name in fit.names])
    wanted = stored("mixed_gold")["btheb_RI_REML"]
    for weights, one in ((base, 0), (base + arm, 1)):
        found = Inference(fit).estimate(weights)
        expected = wanted["emmeans_treatment_KR"][one]
        assert (found.value, found.se, found.df) == pytest.approx(
            (expected["emmean"], expected["SE"], expected["df"]), rel=1e-4
        )
    found = Inference(fit).estimate(-arm)
    expected = wanted["pairs_treatment_KR"][0]
    assert (found.value, found.df, found.p_value) == pytest.approx(
        (expected["estimate"], expected["df"], expected["p.value"]), rel=1e-4
    )


def test_the_plain_sandwich() -> None:
    rows = frame("groups_synth").drop_nulls("y")
    design = build_design(parse_formula("y ~ wavef + org + (1 | group)"), rows)
    moments = moments_from_rows(design.y, rows["group"].to_numpy(), design.x[:, 1:])
    plain, scaled = (cluster_robust(moments, kind) for kind in (Sandwich.CR0, Sandwich.CR1))
    for place, wanted in enumerate(stored("psychometrics_gold")["CR0_groups"]):
        assert plain.beta[place] == pytest.approx(wanted["beta"], rel=1e-9)
        assert plain.vcov[place, place] ** 0.5 == pytest.approx(wanted["SE"], rel=1e-9)
        assert scaled.vcov[place, place] == pytest.approx(wanted["SE"] ** 2 * 12 / 11, rel=1e-9)


def test_shrout_and_fleiss_with_tests_and_limits() -> None:
    found = shrout_fleiss(RATINGS)
    for wanted in stored("psychometrics_gold")["ICC_shroutfleiss"]:
        one = found[wanted["type"]]
        assert (one.f, one.df, one.p) == (
            pytest.approx(wanted["F"]), (wanted["df1"], wanted["df2"]), pytest.approx(wanted["p"]),
        )  # fmt: skip
        assert (one.interval.low, one.interval.high) == pytest.approx(
            (wanted["lower bound"], wanted["upper bound"]), abs=1e-8
        )


@pytest.mark.parametrize("scale", BFI)
def test_items_of_a_scale(scale: str) -> None:
    wanted = stored("psychometrics_gold")[scale]
    pairwise = cronbach_alpha(bfi(scale))
    assert pairwise.alpha_if_dropped == pytest.approx(list(wanted["alpha_drop_raw"].values()))
    listwise = cronbach_alpha(bfi(scale), policy=MissingPolicy.LISTWISE)
    assert listwise.n == wanted["n_listwise"]
    assert [listwise.interval.low, listwise.interval.high] == pytest.approx(
        wanted["alpha_feldt_ci_listwise"], abs=1e-9
    )
    factor = mcdonald_omega(bfi(scale))
    assert factor.loadings == pytest.approx(list(wanted["cfa_loadings"].values()), rel=2e-5)
    assert factor.uniquenesses == pytest.approx(list(wanted["cfa_theta"].values()), rel=5e-5)


def test_paired_change_of_the_trial() -> None:
    wanted, found = stored("psychometrics_gold")["RCI_btheb"], paired_change(*btheb())
    assert (found.interval.low, found.interval.high) == pytest.approx(wanted["ci"], abs=1e-9)
    limits = wanted["effectsize_dz"][0]
    assert (found.d_z.interval.low, found.d_z.interval.high) == pytest.approx(
        (limits["CI_low"], limits["CI_high"]), abs=1e-5
    )


def test_the_worked_example_of_reliable_change() -> None:
    example = stored("psychometrics_gold")["JT1991"]
    index = reliable_change_index(example["post"] - example["pre"], example["s"], example["rxx"])
    assert float(index) == pytest.approx(example["RC"], abs=1e-9)
