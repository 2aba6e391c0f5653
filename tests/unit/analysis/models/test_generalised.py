"""Is the likelihood of yes-no and ordered answers the integral it claims to be?

The oracle integrates the definition by adaptive quadrature of another kind (scipy's QUADPACK), one
group at a time, and knows nothing of the code under test.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate

from knutepunkt.analysis.models.generalised import GeneralisedFit, fit_generalised
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode


def rounds(seed: int = 8, spread: float = 1.0) -> dict[str, np.ndarray]:
    """Six groups of four persons in three rounds, a yes-no answer and one of four categories."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(24), 3)
    group = person // 4
    x = rng.normal(size=72).round(3)
    shift = spread * (rng.normal(0, 1, 6)[group] + rng.normal(0, 1, 24)[person])
    latent = 0.3 + 0.8 * x + shift + rng.logistic(size=72)
    grade = np.digitize(latent, [-1.0, 0.5, 2.0])
    return {"yes": (latent > 0).astype(float), "grade": grade.astype(float), "x": x, "group": group,
            "person": person}  # fmt: skip


def chance(category: float, thresholds: list[float], eta: float) -> float:
    """P(Y = category) straight from the cumulative logit."""
    ends = [-math.inf, *thresholds, math.inf]
    low, high = ends[int(category)], ends[int(category) + 1]
    reached = [0.0 if end == -math.inf else 1.0 if end == math.inf else 1 / (1 + math.exp(eta - end))
               for end in (low, high)]  # fmt: skip
    return reached[1] - reached[0]


def normal(value: float) -> float:
    return math.exp(-0.5 * value * value) / math.sqrt(2 * math.pi)


def one_factor(
    rows: dict[str, np.ndarray],
    y: str,
    thresholds: list[float],
    fixed: np.ndarray,
    root: np.ndarray,
) -> float:
    """The log-likelihood with an intercept (and a slope of x) per group: nested scipy integrals."""
    total = 0.0
    for group in np.unique(rows["group"]):
        mine = np.flatnonzero(rows["group"] == group)

        def given(u: float, v: float, mine: np.ndarray = mine) -> float:
            effect = root @ np.array([u, v])[: len(root)]
            product = 1.0
            for row in mine:
                z = np.array([1.0, rows["x"][row]])[: len(root)]
                product *= chance(rows[y][row], thresholds, fixed[row] + float(z @ effect))
            return product

        if len(root) == 1:
            value = integrate.quad(lambda u: given(u, 0) * normal(u), -8, 8, epsabs=1e-13)[0]
        else:

            def inner(v: float) -> float:
                return integrate.quad(lambda u: given(u, v) * normal(u), -7, 7, epsabs=1e-12)[0]

            value = integrate.quad(lambda v: inner(v) * normal(v), -7, 7, epsabs=1e-11)[0]
        total += math.log(value)
    return total


def persons_in_groups(
    rows: dict[str, np.ndarray],
    y: str,
    thresholds: list[float],
    fixed: np.ndarray,
    sds: tuple[float, float],
) -> float:
    """The log-likelihood with intercepts of persons within groups."""
    total = 0.0
    for group in np.unique(rows["group"]):
        persons = np.unique(rows["person"][rows["group"] == group])

        def of_person(person: int, u: float) -> float:
            mine = np.flatnonzero(rows["person"] == person)

            def given(v: float) -> float:
                chances = (
                    chance(rows[y][row], thresholds, fixed[row] + sds[1] * u + sds[0] * v)
                    for row in mine
                )
                return math.prod(chances) * normal(v)

            return integrate.quad(given, -8, 8, epsabs=1e-12)[0]

        def of_group(u: float, persons: np.ndarray = persons) -> float:
            return math.prod(of_person(one, u) for one in persons) * normal(u)

        total += math.log(integrate.quad(of_group, -7, 7, epsabs=1e-16, epsrel=1e-8, limit=60)[0])
    return total


def predictor(fit: GeneralisedFit, rows: dict[str, np.ndarray]) -> np.ndarray:
    columns = {"(Intercept)": np.ones_like(rows["x"]), "x": rows["x"]}
    return sum(value * columns[name] for name, value in zip(fit.names, fit.beta, strict=True))


@pytest.mark.parametrize(("y", "ordered"), [("yes", False), ("grade", True)])
def test_groups_with_an_intercept(y: str, ordered: bool) -> None:
    rows = rounds()
    fit = fit_generalised(f"{y} ~ x + (1 | group)", rows, ordered=ordered)
    fixed, cuts = predictor(fit, rows), list(fit.thresholds)
    found = one_factor(rows, y, cuts, fixed, fit.terms[0].sd[None, :])
    assert fit.loglik == pytest.approx(found, abs=1e-7)
    for nudge in (-0.05, 0.05):
        moved = np.array([[fit.terms[0].sd[0] + nudge]])
        assert one_factor(rows, y, cuts, fixed, moved) < found
        assert (
            one_factor(rows, y, cuts, fixed + nudge * rows["x"], fit.terms[0].sd[None, :]) < found
        )


def test_the_standard_errors_are_the_curvature_of_the_integral() -> None:
    rows = rounds()
    fit = fit_generalised("yes ~ x + (1 | group)", rows)
    best = np.array([*fit.beta, fit.terms[0].sd[0]])

    def oracle(point: np.ndarray) -> float:
        fixed = point[0] + point[1] * rows["x"]
        return one_factor(rows, "yes", [0.0], fixed, np.array([[point[2]]]))

    h, curvature = 0.02, np.empty((3, 3))
    for i in range(3):
        for j in range(3):
            e, f = np.eye(3)[i] * h, np.eye(3)[j] * h
            corners = (
                oracle(best + e + f)
                - oracle(best + e - f)
                - oracle(best - e + f)
                + oracle(best - e - f)
            )
            curvature[i, j] = -corners / (4 * h * h)
    assert fit.se == pytest.approx(np.sqrt(np.diag(np.linalg.inv(curvature)))[:2], rel=2e-3)


def test_groups_with_a_slope() -> None:
    rows = rounds(seed=21, spread=1.4)
    rows = {name: column[:24] for name, column in rows.items()}
    fit = fit_generalised("yes ~ 1 + (x | group)", rows, points=21)
    covariance = fit.terms[0].covariance + 1e-14 * np.eye(2)
    root = np.linalg.cholesky(covariance)
    fixed = np.full(24, fit.beta[0])
    assert fit.loglik == pytest.approx(one_factor(rows, "yes", [0.0], fixed, root), abs=2e-5)


def test_persons_within_groups() -> None:
    rows = {name: column[:24] for name, column in rounds(seed=9).items()}
    fit = fit_generalised("grade ~ x + (1 | group/person)", rows, ordered=True, points=31)
    sds = (float(fit.terms[0].sd[0]), float(fit.terms[1].sd[0]))
    found = persons_in_groups(rows, "grade", list(fit.thresholds), predictor(fit, rows), sds)
    assert fit.loglik == pytest.approx(found, abs=1e-6)
    assert [term.factor for term in fit.terms] == ["person:group", "group"]


def test_two_ordered_categories_are_yes_and_no() -> None:
    rows = rounds()
    plain = fit_generalised("yes ~ x + (1 | group)", rows)
    ordered = fit_generalised("yes ~ x + (1 | group)", rows, ordered=True)
    assert ordered.loglik == pytest.approx(plain.loglik, abs=1e-9)
    assert ordered.beta[0] == pytest.approx(plain.beta[1], rel=1e-5)
    assert ordered.thresholds[0] == pytest.approx(-plain.beta[0], rel=1e-5)


def test_groups_alike_are_a_singular_fit_of_plain_odds() -> None:
    rows = {"y": np.tile([0.0, 1.0, 1.0, 0.0, 1.0], 8), "g": np.repeat(np.arange(8), 5)}
    fit = fit_generalised("y ~ 1 + (1 | g)", rows)
    assert fit.singular
    assert fit.beta[0] == pytest.approx(math.log(0.6 / 0.4), abs=1e-6)
    assert fit.loglik == pytest.approx(24 * math.log(0.6) + 16 * math.log(0.4), abs=1e-8)


@pytest.mark.parametrize(
    ("formula", "change", "ordered", "code"),
    [
        ("yes ~ x + (1 | group)", {"yes": 1.0}, False, RefusalCode.NO_VARIANCE),
        ("grade ~ x + (1 | group)", {}, False, RefusalCode.NOT_TWO_CATEGORIES),
        ("x ~ yes + (1 | group)", {}, True, RefusalCode.TOO_LARGE),
        ("yes ~ x + (1 | group)", {"group": 1}, False, RefusalCode.TOO_FEW_GROUPS),
        ("yes ~ x + (1 | group)", {"x": 2.0}, False, RefusalCode.COLLINEAR_COLUMNS),
        ("yes ~ x + (1 | group)", {"x": np.nan}, False, RefusalCode.NO_ROWS),
        ("yes ~ x", {}, False, RefusalCode.BAD_FORMULA),
        ("yes ~ x + (1 | group) + (1 | wave)", {}, False, RefusalCode.BAD_FORMULA),
        ("yes ~ split + (1 | group)", {}, False, RefusalCode.SEPARATED),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name(
    formula: str, change: dict[str, float], ordered: bool, code: RefusalCode
) -> None:
    rows = rounds()
    rows |= {"wave": np.tile(np.arange(3), 24), "split": rows["yes"]}
    rows |= {name: np.full(72, value) for name, value in change.items()}
    with pytest.raises(ModelRefusal) as refusal:
        fit_generalised(formula, rows, ordered=ordered)
    assert refusal.value.code is code


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize(("shift", "unit"), [(2026.0, 1.0), (-1e6, 1.0), (0.0, 1e8), (5e4, 1e-3)])
def test_neither_origin_nor_unit_of_a_predictor_matters(
    ordered: bool, shift: float, unit: float
) -> None:
    """A year is no other predictor than years since the first; its intercept is another number."""
    rng = np.random.default_rng(12)
    group = np.repeat(np.arange(14), 9)
    x = rng.normal(size=group.size)
    latent = 0.7 * x + rng.normal(size=14)[group] + rng.logistic(size=group.size)
    y = np.digitize(latent, [-1.0, 0.5]) if ordered else (latent > 0.0).astype(float)
    rows = {"y": y, "x": x, "g": group}
    moved = rows | {"x": shift + unit * x}
    plain, other = (
        fit_generalised("y ~ x + (1 | g)", each, ordered=ordered) for each in (rows, moved)
    )
    assert other.loglik == pytest.approx(plain.loglik, abs=1e-6)
    assert other.beta[-1] * unit == pytest.approx(plain.beta[-1], rel=1e-5)
    assert other.se[-1] * unit == pytest.approx(plain.se[-1], rel=1e-4)
    gap = shift / unit
    if ordered:
        assert other.thresholds == pytest.approx(plain.thresholds + gap * plain.beta[0], rel=1e-5)
        return
    assert other.beta[0] == pytest.approx(plain.beta[0] - gap * plain.beta[1], rel=1e-5)
    if abs(gap) <= 1e6:  # beyond that the difference of two huge variances has no digits left
        there = [1.0, shift]  # the contrast at what is zero in the plain columns
        assert other.estimate(there).se == pytest.approx(plain.estimate([1.0, 0.0]).se, rel=1e-3)


def test_a_constant_predictor_is_refused_as_dependent() -> None:
    rng = np.random.default_rng(1)
    rows = {
        "y": (rng.random(40) > 0.5).astype(float),
        "x": np.full(40, 0.1),
        "g": np.arange(40) // 5,
    }
    with pytest.raises(ModelRefusal) as refusal:
        fit_generalised("y ~ x + (1 | g)", rows)
    assert refusal.value.code is RefusalCode.COLLINEAR_COLUMNS
