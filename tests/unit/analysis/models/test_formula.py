"""Does a formula stand for the terms it stands for in R, and is a wrong one told apart by a sentence?"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.models import ModelRefusal, RefusalCode, fit_mixed, parse_formula
from knutepunkt.analysis.models.design import build_design

G = " + (1 | g)"


@pytest.mark.parametrize(
    ("written", "terms", "intercept"),
    [
        ("1", [], True),
        ("0 + a", ["a"], False),
        ("a - 1", ["a"], False),
        ("-1 + a", ["a"], False),
        ("a * b", ["a", "b", "a:b"], True),
        ("b:a + a + a:b", ["a", "b:a"], True),
        ("a / b", ["a", "a:b"], True),
        ("a / b / c", ["a", "a:b", "a:b:c"], True),
        ("(a + b) / c", ["a", "b", "a:b:c"], True),
        ("b %in% a", ["b:a"], True),
        ("(a + b + c)^2", ["a", "b", "c", "a:b", "a:c", "b:c"], True),
        ("a * b * c - a:b:c", ["a", "b", "c", "a:b", "a:c", "b:c"], True),
        ("a * (b + c)", ["a", "b", "c", "a:b", "a:c"], True),
        ("(a + b) * c - 1", ["a", "b", "c", "a:c", "b:c"], False),
        ("a + I( a^2 )+log(b)", ["a", "I( a^2 )", "log(b)"], True),
        ("a + I(a  *b)", ["a", "I(a * b)"], True),
    ],
)
def test_terms_are_those_of_r(written: str, terms: list[str], intercept: bool) -> None:
    model = parse_formula(f"y ~ {written}{G}")
    assert [":".join(term) for term in model.terms] == terms
    assert model.intercept is intercept


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("y ~ a:" + G, "a term is missing"),
        ("y ~ poly(a, 2)" + G, "poly() is not understood"),
        ("y ~ a + offset(b)" + G, "offset() is not understood"),
        ("y ~ a - b" + G, "b is taken away"),
        ("y ~ a^b" + G, "^ needs a whole number"),
        ("y ~ I(a > 2)" + G, "no arithmetic"),
        ("y ~ I(__import__('os'))" + G, "no arithmetic"),
        ("y ~ a $ b" + G, "'$' is not understood"),
        ("y ~ 2 * a" + G, "'2' is no term"),
        ("y ~ a b" + G, "stands where no term can"),
        ("y ~ ", "nothing stands after"),
        ("y ~ a - (1 | g)", "cannot be taken away"),
        ("y ~ a + (1 | log(g))", "cannot be a grouping factor"),
        ("factor(y) ~ a" + G, "the outcome is a number"),
        ("y a", "exactly one ~"),
    ],
)
def test_what_is_not_understood_is_told(written: str, told: str) -> None:
    with pytest.raises(ModelRefusal) as refusal:
        parse_formula(written)
    assert refusal.value.code is RefusalCode.BAD_FORMULA
    assert told in refusal.value.detail


def rows() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    g = np.repeat(np.arange(8), 5)
    a = rng.uniform(1, 9, g.size)
    return {"a": a, "b.c": a + 1, "g": g, "y": a**2 + rng.normal(size=8)[g] + rng.normal(size=40)}


def test_a_transformed_column_is_computed() -> None:
    found = build_design(parse_formula("log(y + 5) ~ I(a^2 / 2) + sqrt(b.c)" + G), rows())
    np.testing.assert_allclose(found.x[:, 1], rows()["a"] ** 2 / 2, rtol=1e-15)
    np.testing.assert_allclose(found.x[:, 2], np.sqrt(rows()["b.c"]), rtol=1e-15)
    np.testing.assert_allclose(found.y, np.log(rows()["y"] + 5), rtol=1e-15)
    assert found.names == ("(Intercept)", "I(a^2 / 2)", "sqrt(b.c)")


def test_a_transformation_that_leaves_the_numbers_is_refused() -> None:
    with pytest.raises(ModelRefusal) as refusal:
        fit_mixed("y ~ log(a - 5)" + G, rows())
    assert refusal.value.code is RefusalCode.NOT_FINITE
    assert "log(a - 5)" in refusal.value.detail


def test_levels_that_print_alike_stay_apart() -> None:
    day = np.where(np.arange(40) % 2 == 0, 20240101.0, 20240102.0)
    found = build_design(parse_formula("y ~ factor(day)" + G), rows() | {"day": day})
    assert found.names == ("(Intercept)", "day20240102")


@pytest.mark.parametrize("gaps", [False, True])
def test_yes_and_no_are_categories_with_and_without_gaps(gaps: bool) -> None:
    told: list[bool | None] = [bool(k % 2) for k in range(40)]
    if gaps:
        told[7] = None
    frame = pl.DataFrame(
        {name: column.tolist() for name, column in rows().items()} | {"told": told}
    )
    found = build_design(parse_formula("y ~ told" + G), frame)
    assert (found.names[1], found.n_dropped) == ("toldTrue", int(gaps))


def test_dates_are_no_outcome() -> None:
    dates = np.arange("2024-01-01", "2024-02-10", dtype="datetime64[D]")
    with pytest.raises(ModelRefusal) as refusal:
        fit_mixed("day ~ a" + G, rows() | {"day": dates})
    assert refusal.value.code is RefusalCode.BAD_SHAPE


def test_a_group_without_a_label_is_left_out() -> None:
    labels = [None if k == 3 else ("tre" if k > 20 else 2) for k in range(40)]
    frame = {**rows(), "g": np.array(labels, dtype=object)}
    fit = fit_mixed("y ~ a" + G, frame)
    assert (fit.n_rows, fit.n_dropped, fit.terms[0].n_levels) == (39, 1, 2)
