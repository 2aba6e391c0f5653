"""Do agreement, shares, associations, paths, attrition and profile limits give R's figures?

Reference: lme4, lmerTest, pbkrtest, sandwich and base R, by `reference/plain_cases.R`.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knutepunkt.analysis.measurement import (
    fleiss_kappa,
    frequencies,
    gwet_ac1,
    within_group_agreement,
)
from knutepunkt.analysis.models import attrition, mediation, profile_limits, within_between
from knutepunkt.analysis.models.inference import Estimate
from knutepunkt.analysis.models.missing_rounds import MissingRounds
from tests.spec.reference.plain_cases import MISSING, PROFILED, rows_of

RESULTS = Path(__file__).parent / "reference" / "plain_cases.csv"


@cache
def r_results() -> dict[tuple[str, str, str], float]:
    with RESULTS.open(encoding="utf-8") as stream:
        rows = csv.DictReader(stream)
        return {(r["name"], r["term"], r["quantity"]): float(r["value"]) for r in rows}


def expected(*key: str, rel: float = 1e-9, near: float = 0.0) -> Any:
    return pytest.approx(r_results()[key], rel=rel, abs=near)


def columns(name: str) -> dict[str, np.ndarray[Any, Any]]:
    return {key: np.asarray(values) for key, values in rows_of(name).items()}


def same(found: Estimate, *key: str, rel: float = 1e-6) -> None:
    assert found.value == expected(*key, "estimate", rel=rel)
    assert found.se == expected(*key, "se", rel=rel)
    assert found.df == expected(*key, "df", rel=1e-4)


@pytest.mark.parametrize("which", ["complete", "all"])
def test_coders(which: str) -> None:
    codes = np.column_stack(list(columns("coded").values()))
    codes[codes == MISSING] = np.nan
    if which == "complete":
        codes = codes[~np.isnan(codes).any(axis=1)]
    assert fleiss_kappa(codes).value == expected("coded", which, "fleiss")
    assert gwet_ac1(codes).value == expected("coded", which, "ac1")


@pytest.mark.parametrize(("term", "items"), [("one item", 1), ("four items", 4)])
def test_agreement_within_groups(term: str, items: int) -> None:
    rows = columns("groups")
    table = np.column_stack([rows[f"i{k}"] for k in range(items)])
    found = within_group_agreement(table, rows["g"], points=5)
    assert found.mean == expected("groups", term, "rwg mean")
    assert found.median == expected("groups", term, "rwg median")
    assert found.groups == r_results()["groups", "four items", "groups"]


@pytest.mark.parametrize(("item", "codes"), [("yes", [1]), ("i0", [4, 5]), ("i3", [4, 5])])
def test_shares_of_people_in_groups(item: str, codes: list[int]) -> None:
    """The variance between groups is the sandwich of a mean, G/(G-1) times."""
    rows = columns("groups")
    others = [code for code in range(6) if code not in codes]
    [found, _] = frequencies(rows[item], rows["g"], [codes, others]).categories
    assert found.share == expected("groups", item, "share")
    assert found.design_effect == expected("groups", item, "design effect")
    assert found.interval.low == expected("groups", item, "low")
    assert found.interval.high == expected("groups", item, "high")


def test_attendance_within_and_between_groups() -> None:
    rows = columns("groups")
    found = within_between(rows["y"], rows["x"], rows["g"])
    assert found.between is not None
    assert found.contextual is not None
    same(found.within, "groups", "within")
    same(found.between, "groups", "between")
    same(found.contextual, "groups", "contextual")
    assert found.within.value == expected("groups", "within", "fixed groups")


def test_paths() -> None:
    rows = columns("paths")
    found = mediation(
        rows["x"], rows["m"], rows["y"], rows["g"], {"before": rows["before"]}, rounds=(1, 2, 3)
    )
    for name in ("a", "b", "ab", "direct"):
        path = getattr(found, name)
        assert path.value == expected("paths", "", name)
        assert path.low < path.value < path.high


def by_round() -> tuple[dict[str, np.ndarray[Any, Any]], np.ndarray[Any, Any]]:
    """The outcome by round, one place per person, NaN where the person had left; their groups."""
    rows = columns("rounds, nested")
    people, places = np.unique(rows["p"], return_inverse=True)
    wide = {name: np.full(people.size, np.nan) for name in ("w0", "w1", "w2")}
    for name, values in wide.items():
        here = rows["w"] == name
        values[places[here]] = rows["y"][here]
    group = np.empty(people.size, dtype=object)
    group[places] = rows["g"]
    return wide, group


def test_those_who_left() -> None:
    [found] = attrition(by_round()[0]).compared
    assert found.difference is not None
    assert found.stayers == expected("rounds, nested", "left", "stayers")
    assert found.leavers == expected("rounds, nested", "left", "leavers")
    assert found.n_leavers == r_results()["rounds, nested", "left", "n"]
    assert found.difference.value == expected("rounds, nested", "left", "d")


def test_change_with_and_without_those_who_left() -> None:
    """Filled gaps agree with the likelihood of all rows: both hold where answers are missing at random."""
    missing = MissingRounds(*by_round(), completed=60)
    found, name = missing.change("w2"), "rounds, nested"
    same(found.both, name, "both")
    likelihood, se = (r_results()[name, "all by likelihood", one] for one in ("estimate", "se"))
    pooled = found.pooled.estimate
    assert abs(pooled.value - likelihood) < 0.5 * se
    # Moving those who are missing by delta moves the mean of all by their share of it.
    point = missing.tipping_point("w2")
    gaps = np.isnan(by_round()[0]["w2"]).mean()
    for delta, moved in point.points:
        assert moved.value == pytest.approx(pooled.value + delta * gaps, abs=0.15 * se)


@pytest.mark.parametrize("name", PROFILED)
def test_profile_limits(name: str) -> None:
    rows = rows_of(name)
    found = {one.name: one for one in profile_limits(PROFILED[name], rows)}
    names = {
        "sd_(Intercept)|p:g": "p:g:(Intercept)",
        "sd_(Intercept)|g": "g:(Intercept)",
        "sd_t|g": "g:t",
        "cor_t.(Intercept)|g": "g:(Intercept):t",
        "sigma": "residual",
    }
    terms = {key[1] for key in r_results() if key[0] == name and key[2] == "high"}
    terms -= {"left", "both"}
    assert len(terms) >= 6
    for term in terms:
        limits = found[names.get(term, term)]
        size = limits.high - limits.low
        # R interpolates its profile by splines: of the correlation the deviance at R's limits is
        # 3.796 and 3.864 above the least, at ours 3.8415, the quantile.
        near = (4e-3 if term.startswith("cor") else 1e-3) * size
        assert limits.low == expected(name, term, "low", rel=0.0, near=near)
        assert limits.high == expected(name, term, "high", rel=0.0, near=near)
