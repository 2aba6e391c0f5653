"""Does the general engine give the maximum of the likelihood, whatever the random terms?"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.models.arrays import codes_of
from knutepunkt.analysis.models.design import build_design
from knutepunkt.analysis.models.formula import parse_formula
from knutepunkt.analysis.models.inference import Inference, SmallSample
from knutepunkt.analysis.models.mixed import fit_mixed
from knutepunkt.analysis.models.moments import moments_from_rows
from knutepunkt.analysis.models.random_intercept import fit_random_intercept
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.specification import MixedModel, RandomEffects, nested
from tests.unit.analysis.models.oracles import dense_criterion, indicator


def waves(seed: int = 1) -> dict[str, np.ndarray]:
    """Twelve groups, some persons in each, three rounds with gaps."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(12), rng.integers(4, 9, 12))
    person = np.repeat(np.arange(group.size), 3)
    wave = np.tile(np.arange(3.0), group.size)
    rows_group = group[person]
    y = 20 - wave + 1.5 * rng.normal(size=12)[rows_group]
    y = y + wave * 0.8 * rng.normal(size=12)[rows_group]
    y = y + 2 * rng.normal(size=group.size)[person] + rng.normal(size=person.size)
    keep = (wave == 0) | (rng.random(person.size) > 0.2)
    columns = {"y": y, "wave": wave, "group": rows_group, "person": person}
    return {name: values[keep] for name, values in columns.items()}


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize(
    "formula",
    ["y ~ wave + (1 | group/person)", "y ~ wave + (wave | group) + (1 | person)",
     "y ~ wave + (wave || group)", "y ~ factor(wave) + (1 | group) + (1 | wave)"],
)  # fmt: skip
def test_the_criterion_is_that_of_the_dense_likelihood(formula: str, reml: bool) -> None:
    rows = waves()
    fit = fit_mixed(formula, rows, reml=reml)
    design = build_design(parse_formula(formula), rows)
    v = fit.sigma**2 * np.eye(design.y.size)
    for term, random in zip(fit.terms, design.random, strict=True):
        same = indicator(random.codes) @ indicator(random.codes).T
        v += same * (random.z @ term.covariance @ random.z.T)
    exact = dense_criterion(design.y, design.x, v, reml=reml)
    assert fit.criterion == pytest.approx(exact, abs=1e-7)
    # Nothing nearby is better: every variance parameter moved by a little either way.
    for term, random in zip(fit.terms, design.random, strict=True):
        same = indicator(random.codes) @ indicator(random.codes).T
        for factor in (0.97, 1.03):
            moved = v + (factor - 1) * same * (random.z @ term.covariance @ random.z.T)
            assert dense_criterion(design.y, design.x, moved, reml=reml) > exact - 1e-9


def test_a_declared_model_is_its_formula() -> None:
    rows = waves()
    declared = MixedModel("y", (("wave",),), nested("group", "person"))
    assert declared == parse_formula("y ~ wave + (1 | group/person)")
    assert (
        fit_mixed(declared, rows).criterion
        == fit_mixed("y ~ wave + (1 | group/person)", pl.DataFrame(rows)).criterion
    )


def test_one_random_intercept_agrees_with_the_sums_per_group() -> None:
    rows = waves()
    fit = fit_mixed("y ~ wave + (1 | group)", rows)
    quick = fit_random_intercept(moments_from_rows(rows["y"], rows["group"], rows["wave"])).fit
    assert fit.criterion == pytest.approx(quick.criterion, abs=1e-8)
    for method in SmallSample:
        for one, other in zip(
            Inference(fit).coefficients(method=method),
            Inference(quick).coefficients(method=method),
            strict=True,
        ):
            assert one.df == pytest.approx(other.df, rel=1e-5)
            assert one.se == pytest.approx(other.se, rel=1e-7)


def test_units_do_not_matter() -> None:
    rows = waves()
    plain = fit_mixed("y ~ wave + (wave | group) + (1 | person)", rows)
    scaled = rows | {"y": 1e6 + 1e4 * rows["y"], "wave": 2007 + 1e-3 * rows["wave"]}
    moved = fit_mixed("y ~ wave + (wave | group) + (1 | person)", scaled)
    assert moved.beta[1] == pytest.approx(1e7 * plain.beta[1], rel=1e-5)
    assert moved.sigma == pytest.approx(1e4 * plain.sigma, rel=1e-6)
    assert moved.terms[0].sd[1] == pytest.approx(1e7 * plain.terms[0].sd[1], rel=1e-4)
    before, after = (Inference(fit).estimate([0, 1]) for fit in (plain, moved))
    assert after.df == pytest.approx(before.df, rel=1e-4)


def test_the_order_of_rows_does_not_matter() -> None:
    rows = waves()
    order = np.random.default_rng(0).permutation(rows["y"].size)
    shuffled = {name: values[order] for name, values in rows.items()}
    for formula in ("y ~ wave + (1 | group/person)", "y ~ wave + (1 | person) + (1 | wave)"):
        one, other = fit_mixed(formula, rows), fit_mixed(formula, shuffled)
        assert one.criterion == pytest.approx(other.criterion, abs=1e-7)


def test_satterthwaite_is_refused_on_a_singular_fit_and_kenward_roger_is_not() -> None:
    y = np.tile([1.0, 2.0, 4.0, 7.0], 6) + np.repeat(np.arange(6) * 1e-3, 4)
    fit = fit_mixed("y ~ 1 + (1 | g)", {"y": y, "g": np.repeat(np.arange(6), 4)})
    assert fit.singular
    with pytest.raises(ModelRefusal) as refusal:
        Inference(fit).estimate([1.0], method=SmallSample.SATTERTHWAITE)
    assert refusal.value.code is RefusalCode.SINGULAR_FIT
    assert Inference(fit).estimate([1.0]).df == pytest.approx(5.0)


def test_an_f_test_of_one_hypothesis_is_t_squared() -> None:
    fit = fit_mixed("y ~ factor(wave) + (1 | group/person)", waves())
    for method in SmallSample:
        t = Inference(fit).estimate([0, 1, 0], method=method)
        f = Inference(fit).test([0, 1, 0], method=method)
        assert f.statistic == pytest.approx(t.t**2)
        assert f.df2 == pytest.approx(t.df)


@pytest.mark.parametrize(
    ("formula", "change", "code"),
    [
        ("y ~ wave + (1 | nobody)", {}, RefusalCode.UNKNOWN_COLUMN),
        ("y wave", {}, RefusalCode.BAD_FORMULA),
        ("y ~ wave", {}, RefusalCode.BAD_FORMULA),
        ("y ~ wave + (1 | group", {}, RefusalCode.BAD_FORMULA),
        ("y ~ wave - group + (1 | group)", {}, RefusalCode.BAD_FORMULA),
        ("y ~ log(wave - 9) + (1 | group)", {}, RefusalCode.NOT_FINITE),
        ("y ~ poly(wave, 2) + (1 | group)", {}, RefusalCode.BAD_FORMULA),
        ("y ~ wave + offset(wave) + (1 | group)", {}, RefusalCode.BAD_FORMULA),
        ("y ~ wave + one + (1 | group)", {"one": "only"}, RefusalCode.NO_VARIANCE),
        ("y ~ wave + (1 | group)", {"y": 3.0}, RefusalCode.NO_VARIANCE),
        ("y ~ wave + (1 | group)", {"y": np.nan}, RefusalCode.NO_ROWS),
        ("y ~ wave + (1 | group)", {"y": np.inf}, RefusalCode.NOT_FINITE),
        ("y ~ wave + (1 | group)", {"wave": 2.0}, RefusalCode.COLLINEAR_COLUMNS),
        ("y ~ wave + (1 | group)", {"group": 1}, RefusalCode.TOO_FEW_GROUPS),
        ("y ~ wave + (1 | group/person)", {"person": 1}, RefusalCode.NOT_IDENTIFIED),
        ("y ~ wave + (1 | row)", {}, RefusalCode.NOT_IDENTIFIED),
        ("y ~ wave + (wave + wave2 | group)", {}, RefusalCode.NOT_IDENTIFIED),
        ("y ~ wave + (1 | group) + (1 | group)", {}, RefusalCode.NOT_IDENTIFIED),
        ("flat ~ wave + (1 | group)", {}, RefusalCode.NO_RESIDUAL_VARIANCE),
        ("line ~ wave + (1 | group)", {}, RefusalCode.NO_RESIDUAL_VARIANCE),
        ("word ~ wave + (1 | group)", {}, RefusalCode.BAD_SHAPE),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name(
    formula: str, change: dict[str, float], code: RefusalCode
) -> None:
    rows = waves()
    rows = rows | {"row": np.arange(rows["y"].size), "wave2": 2 * rows["wave"]}
    rows = rows | {"flat": rows["group"] ** 1.5, "line": 3 + 2 * rows["wave"]}
    rows = rows | {"word": np.full(rows["y"].size, "mye")}
    rows = rows | {name: np.full(rows["y"].size, value) for name, value in change.items()}
    with pytest.raises(ModelRefusal) as refusal:
        fit_mixed(formula, rows)
    assert refusal.value.code is code


def test_contrasts_follow_r() -> None:
    """Columns of model.matrix(~ a * b) and (~ 0 + a:b), named as R names them."""
    rows = {"y": np.arange(8.0), "a": list("pqpqpqpq"), "b": list("uuvvwwuv"), "g": [1, 2] * 4}
    full = build_design(parse_formula("y ~ a * b + (1 | g)"), rows)
    assert full.names == ("(Intercept)", "aq", "bv", "bw", "aq:bv", "aq:bw")
    cells = build_design(parse_formula("y ~ 0 + a:b + (1 | g)"), rows)
    assert cells.names == ("ap:bu", "aq:bu", "ap:bv", "aq:bv", "ap:bw", "aq:bw")
    np.testing.assert_array_equal(cells.x.sum(axis=1), 1.0)


def test_an_enum_says_which_level_comes_first() -> None:
    frame = pl.DataFrame({"y": [1.0, 2.0, 4.0, 3.0], "a": ["u", "b", "u", "b"], "g": [1, 1, 2, 2]})
    ordered = frame.with_columns(pl.col("a").cast(pl.Enum(["u", "never", "b"])))
    model = MixedModel("y", (("a",),), (RandomEffects(("g",)),))
    assert build_design(model, frame).names == ("(Intercept)", "au")
    assert build_design(model, ordered).names == ("(Intercept)", "ab")


@pytest.mark.parametrize("reml", [True, False])
def test_a_random_intercept_from_rows_is_the_maximum_of_the_dense_likelihood(reml: bool) -> None:
    rows = waves(5)
    fit = fit_mixed("y ~ wave + (1 | group)", rows, reml=reml)
    x = np.column_stack([np.ones(rows["y"].size), rows["wave"]])
    shared = indicator(rows["group"]) @ indicator(rows["group"]).T
    between, within = float(fit.terms[0].covariance[0, 0]), fit.sigma**2

    def criterion(one: float, other: float) -> float:
        v = one * shared + other * np.eye(rows["y"].size)
        return dense_criterion(rows["y"], x, v, reml=reml)

    best = criterion(between, within)
    assert fit.criterion == pytest.approx(best, abs=1e-8)
    for one in (0.97, 1.0, 1.03):
        for other in (0.97, 1.0, 1.03):
            assert criterion(one * between, other * within) >= best - 1e-9


def test_texts_that_only_name_levels_give_the_fit_of_numbers() -> None:
    rows = waves(6)
    named = pl.DataFrame(rows).with_columns(
        pl.format("g{}", "group").alias("group"), pl.format("p{}", "person").alias("person")
    )
    gap = named.with_columns(
        pl.when(pl.int_range(pl.len()) == 4).then(None).otherwise("group").alias("group")
    )
    formula = "y ~ wave + (1 | group/person)"
    plain, labelled = fit_mixed(formula, rows), fit_mixed(formula, named)
    assert labelled.criterion == pytest.approx(plain.criterion, abs=1e-8)
    assert [term.n_levels for term in labelled.terms] == [term.n_levels for term in plain.terms]
    assert fit_mixed(formula, gap).n_dropped == 1


def test_an_outcome_that_is_the_group_leaves_no_residual() -> None:
    group = np.repeat(np.arange(6), 4)
    with pytest.raises(ModelRefusal) as refused:
        fit_mixed("y ~ 1 + (1 | group)", {"y": group * 1.0, "group": group})
    assert refused.value.code is RefusalCode.NO_RESIDUAL_VARIANCE


@pytest.mark.parametrize(
    "labels", [np.array([5, 3, 5, -2], dtype=np.int8), np.array([7, 8, 7], dtype=np.uint32),
               np.array([10**9, 0, 10**9]), np.array([-100, 100, -100, 99], dtype=np.int8)],
)  # fmt: skip
def test_whole_numbers_are_coded_as_by_sorting(labels: np.ndarray) -> None:
    codes, levels = codes_of(labels)
    np.testing.assert_array_equal(levels, np.unique(labels))
    np.testing.assert_array_equal(levels[codes], labels)
