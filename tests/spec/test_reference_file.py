"""Does every row of the reference file of R's figures come out within its tolerance?

All 519 rows are walked by their number, with the tolerance each row states. Two exceptions are
named here: a convention about a variance of zero that is not to be matched, and two models whose
figures were stored short of the optimum. Skipped by name without KNUTEPUNKT_REFERENCE_DATA.
"""

from __future__ import annotations

import csv
import math
import os
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from knutepunkt.analysis.models.cluster_robust import ClusterRobust, Sandwich, cluster_robust
from knutepunkt.analysis.models.design import build_design
from knutepunkt.analysis.models.formula import parse_formula
from knutepunkt.analysis.models.moments import moments_from_rows
from tests.spec.reference.mixed_models import MODELS, coefficient, fitted, frame, spread
from tests.spec.reference.psychometrics import figures

FOLDER = os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not FOLDER, reason="KNUTEPUNKT_REFERENCE_DATA is not set"),
]

ROWS = 519
# Satterthwaite on a singular fit takes the variance of zero for known; Kenward-Roger is used there.
CONVENTION = range(107, 112)
# R stopped short of the optimum here: our criterion is the lower one, and where R's search is run
# to 1e-12 it gives our figures (see test_mixed_reference). Its last digits are held more loosely.
SHORT_OF_OPTIMUM = {"btheb_RS_REML": 5e-4, "groups_slope": 5e-4}
SHORT_P_VALUES = 3e-3  # of p itself; the t behind it is held to 5e-4
# Far out in the tail p magnifies the last digits of R's numerical derivatives: a df of 18.0002 for
# 18 moves p = 1e-18 by two parts in a thousand.
SAME_P_VALUE = 1e-9

Row = dict[str, str]


@cache
def numbered() -> dict[int, Row]:
    """Every row by its line in the file; the heading is line 1."""
    with (Path(FOLDER) / "gold" / "gold_flat.csv").open(encoding="utf-8") as file:
        return dict(enumerate(csv.DictReader(file), start=2))


@cache
def clustered() -> ClusterRobust:
    rows = frame("groups_synth").drop_nulls("y")
    design = build_design(parse_formula("y ~ wavef + org + (1 | group)"), rows)
    moments = moments_from_rows(
        design.y, rows["group"].to_numpy(), design.x[:, 1:], names=design.names[1:]
    )
    return cluster_robust(moments, Sandwich.CR2)


def sandwiched(row: Row) -> float:
    found = clustered()
    place = found.names.index(row["term"].replace("factor(wave)", "wavef"))
    unit = [float(place == other) for other in range(len(found.names))]
    estimate = found.estimate(unit)
    return {"CR2 SE": estimate.se, "df_Satt": estimate.df}[row["quantity"]]


def mixed(row: Row) -> float:
    model, term, quantity = row["model"], row["term"], row["quantity"]
    if quantity == "singular":
        return float(fitted(model).singular)
    if quantity == "REMLcrit":
        return fitted(model).criterion
    return spread(model, term) if quantity == "sdcor" else coefficient(model, term, quantity)


def computed(row: Row) -> list[float]:
    if row["model"] in MODELS:
        return [mixed(row)]
    return [sandwiched(row)] if row["source"] == "clubSandwich" else figures(row)


def expected(row: Row) -> list[float]:
    if row["value"] in ("True", "False"):
        return [float(row["value"] == "True")]
    return [float(part) for part in row["value"].split("..")]


def within(row: Row) -> bool:
    """Whether the row comes out: exactly, relatively or absolutely, as its tolerance says."""
    size, _, kind = row["tolerance"].partition(" ")
    close = 0.0 if size == "exact" else float(size)
    if row["model"] in SHORT_OF_OPTIMUM and kind == "rel":
        close = SHORT_P_VALUES if "Pr(" in row["quantity"] else SHORT_OF_OPTIMUM[row["model"]]
    for found, wanted in zip(computed(row), expected(row), strict=True):
        scale = abs(wanted) if kind == "rel" and wanted else 1.0
        apart = max(close * scale, SAME_P_VALUE if "Pr(" in row["quantity"] else 0.0)
        if not math.isclose(found, wanted, rel_tol=0.0, abs_tol=apart):
            return False
    return True


@cache
def by_model() -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for number, row in numbered().items():
        groups.setdefault(row["model"], []).append(number)
    return groups


@pytest.mark.parametrize("model", sorted(by_model()) if FOLDER else ["none"])
def test_every_row_is_within_its_tolerance(model: str) -> None:
    missed = []
    for number in by_model()[model]:
        row = numbered()[number]
        # A maximum-likelihood fit has no REML criterion: the file leaves that value empty.
        if number in CONVENTION or row["value"] == "":
            continue
        if not within(row):
            missed.append((number, row["term"], row["quantity"], row["value"], computed(row)))
    assert not missed


def test_every_row_is_walked_and_the_exceptions_are_what_they_are_said_to_be() -> None:
    rows = numbered()
    assert len(rows) == ROWS
    assert {rows[number]["model"] for number in CONVENTION} == {"dyestuff2_REML_singular"}
    assert all("satterthwaite" in rows[number]["quantity"] for number in CONVENTION)
    assert [row["quantity"] for row in rows.values() if row["value"] == ""] == ["REMLcrit"]


@pytest.mark.parametrize("model", sorted(SHORT_OF_OPTIMUM))
def test_where_r_stopped_short_our_criterion_is_the_lower(model: str) -> None:
    stored = next(
        row
        for row in numbered().values()
        if row["model"] == model and row["quantity"] == "REMLcrit"
    )
    assert fitted(model).criterion < float(stored["value"])


def test_the_frame_of_the_sandwich_is_that_of_the_file() -> None:
    assert frame("groups_synth").filter(pl.col("y").is_not_null()).height == 237
