"""Does a term of a mixed model matter, all its columns taken together?

Type III: the term averaged over the categories of whatever contains it; for a term in no
interaction this is the test of the term given all others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from knutepunkt.analysis.distributions import f_above
from knutepunkt.analysis.models.arrays import Flags, Floats, Table
from knutepunkt.analysis.models.design import (
    Design,
    Variable,
    build_design,
    model_matrix,
    read_variables,
)
from knutepunkt.analysis.models.formula import parse_formula
from knutepunkt.analysis.models.inference import Inference, SmallSample
from knutepunkt.analysis.models.mixed import fit_design
from knutepunkt.analysis.models.specification import MixedModel, Term


@dataclass(frozen=True)
class TermTest:
    """The F test of one term: its name, F, numerator and denominator df, and p."""

    term: str
    f: float
    df1: int
    df2: float
    p_value: float
    method: str


def term_tests(
    model: MixedModel | str,
    rows: Table,
    *,
    method: SmallSample = SmallSample.KENWARD_ROGER,
) -> tuple[TermTest, ...]:
    """Test every term but the intercept of a linear mixed model fitted by REML.

    With X_full one indicator per category, the estimable functions are L = (X^- X_full)'; the
    columns of a term are freed of those of the terms that contain it (the same numbers, and all its
    categories), and its rows are the hypothesis. A lone term is tested by the unit upper triangle of
    X'X. These are lmerTest's rows: Satterthwaite's pooled degrees of freedom depend on the basis, F
    and Kenward-Roger do not.

    Raises:
        ModelRefusal: what :func:`fit_mixed` and the method refuse; ``collinear_columns`` where
            cells are empty and the hypothesis has no meaning.
    Sources: Goodnight (1980), Biometrics 36 (general form of estimable functions); Kuznetsova, Brockhoff and Christensen (2017); Halekoh and Hojsgaard (2014).
    """
    declared = parse_formula(model) if isinstance(model, str) else model
    design = build_design(declared, rows)
    return tests_of_fit(declared, rows, design, Inference(fit_design(design)), method=method)


def tests_of_fit(
    model: MixedModel,
    rows: Table,
    design: Design,
    inference: Inference,
    *,
    method: SmallSample,
) -> tuple[TermTest, ...]:
    """The tests of :func:`term_tests` for a model that is fitted already.

    Args:
        model, rows: what was fitted.
        design: the design made of them.
        inference: about that fit.
        method: how degrees of freedom are found.

    Raises:
        ModelRefusal: as there.
    """
    found = []
    for term, weights in _hypotheses(model, rows, design.x, design.names).items():
        tested = inference.test(weights, method=method)
        p_value = float(f_above(tested.statistic, tested.df1, tested.df2))
        found.append(
            TermTest(_name(term), tested.statistic, tested.df1, tested.df2, p_value, method.value)
        )
    return tuple(found)


def _hypotheses(
    model: MixedModel, rows: Table, x: Floats, names: tuple[str, ...]
) -> dict[Term, Floats]:
    """Return the rows of each term's hypothesis, shape (q, p)."""
    variables = read_variables(model, rows)
    _, _, owners = model_matrix(model.terms, variables, len(x), intercept=model.intercept)
    mine: dict[Term, Flags] = {
        term: np.array([owner == term for owner in owners], dtype=np.bool_) for term in model.terms
    }
    if len(model.terms) == 1:
        return {term: _echelon(x, flags) for term, flags in mine.items()}
    full, labels, _ = model_matrix(
        model.terms, variables, len(x), intercept=model.intercept, every_level=True
    )
    functions: Floats = np.asarray(np.linalg.lstsq(x, full, rcond=None)[0]).T
    for term in sorted(model.terms, key=len, reverse=True):
        around = [other for other in model.terms if _contains(other, term, variables)]
        if around:
            outer = functions[:, np.any([mine[other] for other in around], axis=0)]
            inner = functions[:, mine[term]]
            functions[:, mine[term]] = inner - outer @ np.linalg.lstsq(outer, inner, rcond=None)[0]
    places = [labels.index(name) for name in names]
    return {term: functions[places][:, flags].T for term, flags in mine.items()}


def _contains(outer: Term, inner: Term, variables: dict[str, Variable]) -> bool:
    """Whether ``outer`` is ``inner`` crossed with further categories, the numbers being the same."""
    further = set(outer) - set(inner)
    categories = all(variables[name].levels is not None for name in further)
    return bool(further) and set(inner) < set(outer) and categories


def _name(term: Term) -> str:
    return ":".join(term)


def _echelon(x: Floats, mine: Flags) -> Floats:
    """Return the rows of the term in the unit upper triangular factor of X'X, the term last."""
    order = np.concatenate([np.flatnonzero(~mine), np.flatnonzero(mine)])
    upper = np.linalg.qr(x[:, order], mode="r")
    unit = upper / np.diag(upper)[:, None]
    rows = np.zeros((int(mine.sum()), x.shape[1]))
    rows[:, order] = unit[-int(mine.sum()) :]
    return rows
