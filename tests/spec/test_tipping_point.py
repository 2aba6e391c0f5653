"""Is the tipping point (T12, F9) that of mice, and of a calculation by hand?

The delta method of pattern mixture: the missing answers are moved by delta in every completed table,
and Rubin's rules pool the moved tables. From delta to delta the estimate moves by delta times the share
that is missing, the doubt between tables stays, and the doubt within follows in closed form.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.models.imputation import Completed
from knutepunkt.analysis.models.missing_rounds import FURTHEST, POINTS, MissingRounds

FOLDER = Path(__file__).parent / "reference"
ENDS = ("mean", "se", "df", "low", "high")


@cache
def rows() -> pl.DataFrame:
    return pl.read_csv(FOLDER / "tipping_point_rows.csv", null_values="NA")


@cache
def of_r() -> dict[tuple[str, str, str], float]:
    with (FOLDER / "tipping_point.csv").open(encoding="utf-8") as file:
        return {
            (one["what"], one["delta"], one["name"]): float(one["value"])
            for one in csv.DictReader(file)
        }


def column(name: str) -> np.ndarray:
    return rows()[name].cast(pl.Float64).fill_null(np.nan).to_numpy()


def given(tables: np.ndarray, first: np.ndarray, later: np.ndarray) -> MissingRounds:
    """Rounds whose gaps were filled elsewhere: ``tables`` (m, n) are the later round."""
    found = MissingRounds({"first": first, "later": later}, completed=2)
    values = np.stack([np.tile(first, (len(tables), 1)), tables], axis=-1)
    missing = np.column_stack([np.isnan(first), np.isnan(later)])
    found.completed = Completed(("first", "later"), values, missing, two_level=False)
    return found


def by_mice() -> MissingRounds:
    tables = np.array([column(f"X{one}") for one in range(1, 21)])
    return given(tables, column("first"), column("later"))


def test_each_moved_estimate_is_that_of_mice_on_the_same_tables() -> None:
    found = by_mice().tipping_point("later")
    shares = [delta / found.spread for delta, _ in found.points]
    assert shares == pytest.approx(np.linspace(0.0, -FURTHEST, POINTS))
    for share, (_, estimate) in zip(
        ("0", "-0.4", "-0.8", "-1.2", "-1.6", "-2"), found.points, strict=True
    ):
        ours = (estimate.value, estimate.se, estimate.df, estimate.low, estimate.high)
        wanted = [of_r()["shifted", share, name] for name in ENDS]
        # The tables are stored with six decimals.
        assert ours == pytest.approx(wanted, rel=1e-4, abs=1e-5)


def test_the_finding_falls_where_mice_says_it_does() -> None:
    found = by_mice().tipping_point("later")
    assert found.falls_at is not None
    # Read off a curve through six points; R seeks the root itself.
    assert found.falls_at / found.spread == pytest.approx(of_r()["tipping", "NA", "few"], abs=0.01)


def test_imputing_ourselves_it_falls_at_the_same_place() -> None:
    first, later = column("first"), column("later")
    rounds = MissingRounds({"first": first, "later": later}, completed=400)
    found = rounds.tipping_point("later")
    assert found.falls_at is not None
    # 400 tables drawn by mice and 400 by us.
    assert found.falls_at / found.spread == pytest.approx(of_r()["tipping", "NA", "many"], abs=0.02)


def test_two_tables_of_four_people_by_hand() -> None:
    """Changes (1, 2, 3, 2 + delta) and (1, 2, 3, 4 + delta), the fourth person being missing.

    delta 0: means 2 and 5/2, squared errors 1/6 and 5/12, W = 7/24, B = 1/8, T = W + 3/2 B = 23/48.
    delta -1: means 7/4 and 9/4, squared errors 11/48 and 11/48, B = 1/8, T = 20/48.
    """
    tables = np.array([[1.0, 3.0, 3.0, 4.0], [1.0, 3.0, 3.0, 6.0]])
    first, later = np.array([0.0, 1.0, 0.0, 2.0]), np.array([1.0, 3.0, 3.0, np.nan])
    # Filling the gap needs more people than four; the tables by hand replace what was filled.
    many = np.concatenate([np.arange(12.0), [3.0]]), np.concatenate([np.arange(12.0) % 5, [np.nan]])
    found = MissingRounds({"first": many[0], "later": many[1]}, completed=2)
    values = np.stack([np.tile(first, (2, 1)), tables], axis=-1)
    missing = np.column_stack([np.isnan(first), np.isnan(later)])
    found.completed = Completed(("first", "later"), values, missing, two_level=False)
    for delta, mean, total in (
        (0.0, Fraction(9, 4), Fraction(23, 48)),
        (-1.0, Fraction(2), Fraction(20, 48)),
    ):
        pooled = found._pool("later", delta)
        assert pooled.estimate.value == pytest.approx(float(mean))
        assert pooled.between == pytest.approx(1 / 8)
        assert pooled.total == pytest.approx(float(total))
        # Barnard and Rubin with m = 2 and 3 complete degrees of freedom.
        share = Fraction(3, 16) / total
        old, observed = 1 / share**2, Fraction(4, 6) * 3 * (1 - share)
        assert pooled.estimate.df == pytest.approx(float(old * observed / (old + observed)))


@pytest.mark.parametrize("share", [0.0, -0.7, -1.9])
def test_the_doubt_within_tables_follows_in_closed_form(share: float) -> None:
    """U(delta) = [s^2 + 2 delta c + delta^2 p (1 - p) n / (n - 1)] / n, c the covariance of the
    change with being missing, p the share that is."""
    rounds = by_mice()
    spread = column("first").std(ddof=1)
    delta, n = share * spread, rows().height
    gaps = np.isnan(column("later")).astype(float)
    p, within, means = gaps.mean(), [], []
    for one in range(1, 21):
        change = column(f"X{one}") - column("first")
        c = float(np.cov(change, gaps)[0, 1])
        moved = change.var(ddof=1) + 2 * delta * c + delta**2 * p * (1 - p) * n / (n - 1)
        within.append(moved / n)
        means.append(change.mean() + delta * p)
    pooled = rounds._pool("later", delta)
    assert pooled.estimate.value == pytest.approx(np.mean(means))
    assert pooled.within == pytest.approx(np.mean(within))
    assert pooled.between == pytest.approx(np.var(means, ddof=1))
