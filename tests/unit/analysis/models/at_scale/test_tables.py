"""Do sums per group give the tables that the rows themselves give?

Every figure is compared with the function the report uses on rows, and counts with counting by
hand; where two engines are present, both must give the same.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.measurement import (
    MissingPolicy,
    cronbach_alpha,
    frequencies,
    mcdonald_omega,
    reliable_change,
)
from knutepunkt.analysis.models.at_scale.layout import Layout, ScaleItems
from knutepunkt.analysis.models.at_scale.reduction import reduce_scale
from knutepunkt.analysis.models.at_scale.tables import ScaleTables, scale_tables, tables_at_scale
from knutepunkt.analysis.models.mixed import fit_mixed
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.round_mean import mean_for_report

ITEMS = ("a", "b", "c", "d")
LAYOUT = Layout(
    "house", "who", "when", ("autumn", "spring"), (ScaleItems("calm", ITEMS),), (1, 2, 3, 4, 5)
)


def answers(groups: int = 45, size: int = 8, seed: int = 2) -> pl.DataFrame:
    """Persons in groups at two rounds, some answers missing, some persons only once."""
    rng = np.random.default_rng(seed)
    persons = groups * size
    group = np.repeat(np.arange(groups), size)
    trait = rng.normal(0, 1, persons) + rng.normal(0, 0.5, groups)[group]
    frames = []
    for when, shift in (("autumn", 0.0), ("spring", -0.4)):
        latent = trait[:, None] + shift + rng.normal(0, 0.8, (persons, 4))
        values = np.clip(np.round(3 + latent), 1, 5)
        values[rng.random(values.shape) < 0.04] = np.nan
        frame = pl.DataFrame(
            {"house": group, "who": np.arange(persons), **dict(zip(ITEMS, values.T, strict=True))}
        )
        frames.append(
            frame.with_columns(when=pl.lit(when)).filter(pl.Series(rng.random(persons) > 0.1))
        )
    return pl.concat(frames).with_columns(pl.col(ITEMS).fill_nan(None).cast(pl.Int64))


def scores(frame: pl.DataFrame) -> pl.DataFrame:
    items = frame.select(ITEMS).cast(pl.Float64).fill_null(float("nan")).to_numpy()
    known = ~np.isnan(items)
    total = np.where(known, items, 0).sum(axis=1)
    score = np.where(known.sum(axis=1) >= 2, total / np.maximum(known.sum(axis=1), 1), np.nan)
    return frame.with_columns(score=pl.Series(score)).filter(pl.col("score").is_not_nan())


def pairs(frame: pl.DataFrame) -> pl.DataFrame:
    wide = scores(frame).pivot("when", index=["house", "who"], values="score")
    return wide.drop_nulls().sort("house", "who")


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return answers()


@pytest.fixture(scope="module")
def found(rows: pl.DataFrame) -> ScaleTables:
    return next(iter(tables_at_scale(rows, LAYOUT)))


def test_shares_are_those_of_the_rows(rows: pl.DataFrame, found: ScaleTables) -> None:
    for item in found.shares:
        codes = rows[item.item].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        wanted = frequencies(codes, rows["house"].to_numpy(), [[code] for code in range(1, 6)])
        assert item.n == wanted.n
        for one, other in zip(item.shares, wanted.categories, strict=True):
            assert (one.count, one.share) == (other.count, other.share)
            assert one.interval.low == pytest.approx(other.interval.low, abs=1e-12)
            assert one.design_effect == pytest.approx(other.design_effect)


def test_reliability_is_that_of_the_rows(rows: pl.DataFrame, found: ScaleTables) -> None:
    items = rows.select(ITEMS).cast(pl.Float64).fill_null(float("nan")).to_numpy()
    alpha = cronbach_alpha(items, policy=MissingPolicy.LISTWISE)
    omega = mcdonald_omega(items, groups=rows["house"].to_numpy())
    quality = found.quality
    assert quality is not None
    assert quality.n == alpha.n
    assert quality.alpha == pytest.approx(alpha.alpha, rel=1e-10)
    assert quality.alpha_interval.high == pytest.approx(alpha.interval.high, rel=1e-10)
    assert quality.omega == pytest.approx(omega.omega, rel=1e-7)
    assert omega.interval is not None
    assert (quality.omega_interval.low, quality.omega_interval.high) == pytest.approx(
        (omega.interval.low, omega.interval.high), rel=1e-6
    )


def test_change_of_pairs_is_that_of_the_report(rows: pl.DataFrame, found: ScaleTables) -> None:
    both = pairs(rows)
    gap = (both["spring"] - both["autumn"]).to_numpy()
    wanted = mean_for_report(gap, both["house"].to_numpy())
    assert found.row == wanted.row
    assert found.paired is not None
    for name in ("value", "se", "df", "low", "high"):
        assert getattr(found.paired, name) == pytest.approx(
            getattr(wanted.estimates[0], name), rel=1e-6
        )


def test_means_of_rounds_are_counted_means(rows: pl.DataFrame, found: ScaleTables) -> None:
    known = scores(rows)
    means = [known.filter(pl.col("when") == when)["score"].mean() for when in LAYOUT.rounds]
    assert [one.value for one in found.means] == pytest.approx(means, rel=1e-12)
    assert found.change is not None
    assert found.change.value == pytest.approx(means[1] - means[0], rel=1e-9)


def test_classes_are_those_of_the_rows(rows: pl.DataFrame, found: ScaleTables) -> None:
    both = pairs(rows)
    assert found.quality is not None
    assert found.quality.omega is not None
    wanted = reliable_change(
        both["autumn"].to_numpy(), both["spring"].to_numpy(),
        reliability=found.quality.omega, higher_is_better=False,
    )  # fmt: skip
    assert found.classes == wanted.counts
    assert sum(count for _, count in found.classes) == both.height


def test_variances_are_those_of_the_nested_model(rows: pl.DataFrame, found: ScaleTables) -> None:
    both = pairs(rows)
    long = both.unpivot(
        ["autumn", "spring"], index=["house", "who"], variable_name="when", value_name="y"
    )
    fit = fit_mixed("y ~ when + (1 | house/who)", long)
    by_factor = {term.factor: float(term.covariance[0, 0]) for term in fit.terms}
    assert found.variance is not None
    assert found.variance.group == pytest.approx(by_factor["house"], rel=1e-5)
    assert found.variance.person == pytest.approx(by_factor["who:house"], rel=1e-5)
    assert found.variance.residual == pytest.approx(fit.sigma**2, rel=1e-6)
    limits = found.variance.icc_interval
    assert limits.low < found.variance.icc < limits.high


def test_codes_an_item_does_not_have_are_counted_and_left_out(rows: pl.DataFrame) -> None:
    spoiled = rows.with_columns(
        a=pl.when(pl.int_range(pl.len()) < 7).then(9).otherwise(pl.col("a"))
    )
    found = next(iter(tables_at_scale(spoiled.lazy(), LAYOUT)))
    assert found.shares[0].outside == 7
    assert found.shares[0].n == spoiled.filter(pl.col("a").is_between(1, 5)).height


def test_bad_tables_are_refused_by_name(rows: pl.DataFrame) -> None:
    twice = pl.concat([rows, rows.head(1)])
    with pytest.raises(ModelRefusal) as refusal:
        reduce_scale(twice, LAYOUT, LAYOUT.scales[0])
    assert refusal.value.code is RefusalCode.REPEATED_PERSON
    with pytest.raises(ModelRefusal) as refusal:
        reduce_scale(rows.drop("house"), LAYOUT, LAYOUT.scales[0])
    assert refusal.value.code is RefusalCode.UNKNOWN_COLUMN
    with pytest.raises(ModelRefusal) as refusal:
        reduce_scale(rows.clear(), LAYOUT, LAYOUT.scales[0])
    assert refusal.value.code is RefusalCode.NO_ROWS


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"house": pl.lit(1)}, {"T4 a", "T6", "T6 paired", "T8"}),
        ({"a": pl.lit(3)}, {"T5"}),
        ({name: pl.lit(3) for name in ITEMS}, {"T5", "T6 paired", "T8"}),
        ({name: pl.lit(None, pl.Int64) for name in ITEMS}, {"T4 a", "T5", "T6", "T6 paired", "T8"}),
    ],
)
def test_what_cannot_be_computed_is_named(
    rows: pl.DataFrame, change: dict[str, pl.Expr], named: set[str]
) -> None:
    found = next(iter(tables_at_scale(rows.with_columns(**change), LAYOUT)))
    assert named <= {name for name, _ in found.refused}


@pytest.fixture
def session() -> Iterator[Any]:
    """A Spark of one thread, made to start quickly; skipped by name without Java or pyspark."""
    if shutil.which("java") is None:
        pytest.skip("no Java: Spark is not tried")
    builder = pytest.importorskip(
        "pyspark.sql", reason="pyspark is not installed"
    ).SparkSession.builder
    quick = {
        "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.driver.host": "localhost",
        "spark.sql.codegen.wholeStage": "false", "spark.sql.adaptive.enabled": "false",
    }  # fmt: skip
    for name, value in quick.items():
        builder = builder.config(name, value)
    found = builder.master("local[1]").getOrCreate()
    # It says goodbye when Python ends, after what it would write to has been closed.
    logging.getLogger("py4j").setLevel(logging.CRITICAL)
    yield found
    found.stop()


@pytest.mark.spark
@pytest.mark.timeout(900)
def test_spark_gives_what_polars_gives(rows: pl.DataFrame, session: Any, tmp_path: Any) -> None:
    path = tmp_path / "answers.parquet"
    rows.write_parquet(path)
    scale = ScaleItems("calm", ITEMS[:3])
    ours = reduce_scale(pl.scan_parquet(path), LAYOUT, scale)
    theirs = reduce_scale(session.read.parquet(str(path)), LAYOUT, scale)
    for name in ("counts", "sums", "products", "complete", "by_round", "pairs", "joint"):
        np.testing.assert_allclose(
            getattr(theirs, name), getattr(ours, name), rtol=1e-12, atol=1e-9
        )
    one, other = scale_tables(ours), scale_tables(theirs)
    assert one.classes == other.classes
    assert one.paired is not None
    assert other.paired is not None
    assert one.paired.low == pytest.approx(other.paired.low, rel=1e-9)
