"""Does a term of a mixed model matter, all its columns taken together?

Type III: with sum-to-zero contrasts for categories, the hypothesis that all coefficients of the
term are zero; for a term in no interaction this is the test of the term given all others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from knutepunkt.analysis.models.arrays import Flags, Floats, Table
from knutepunkt.analysis.models.design import (
    Contrasts,
    build_design,
    model_matrix,
    read_variables,
)
from knutepunkt.analysis.models.formula import parse_formula
from knutepunkt.analysis.models.inference import Inference, SmallSample
from knutepunkt.analysis.models.mixed import fit_design
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
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

    The rows of the hypothesis are those that turn the fitted coefficients into the coefficients
    under sum contrasts, C = (X_s'X_s)^-1 X_s'X. For a term in no interaction they are put in
    echelon form by the unit upper triangle of X'X with the term last, as lmerTest does, because
    Satterthwaite's pooled degrees of freedom depend on the basis; F and Kenward-Roger do not.

    Raises:
        ModelRefusal: what :func:`fit_mixed` and the method refuse; ``not_estimable`` where cells
            are empty and the hypothesis has no meaning.
    Sources: Kuznetsova, Brockhoff and Christensen (2017); Halekoh and Hojsgaard (2014).
    """
    declared = parse_formula(model) if isinstance(model, str) else model
    design = build_design(declared, rows)
    fit = fit_design(design)
    inference = Inference(fit)
    variables = read_variables(declared, rows)
    summed, _, owners = model_matrix(
        declared.terms,
        variables,
        design.y.size,
        intercept=declared.intercept,
        contrasts=Contrasts.SUM,
    )
    turn, _, rank, _ = np.linalg.lstsq(summed, design.x, rcond=None)
    if rank < design.x.shape[1] or summed.shape[1] != design.x.shape[1]:
        raise ModelRefusal(RefusalCode.NOT_ESTIMABLE, "some combinations of categories are empty")
    found = []
    for term in declared.terms:
        mine: Flags = np.array([owner == term for owner in owners], dtype=np.bool_)
        alone = not any(set(term) < set(other) for other in declared.terms)
        weights = _echelon(design.x, mine) if alone else np.asarray(turn[mine])
        tested = inference.test(weights, method=method)
        p_value = float(stats.f.sf(tested.statistic, tested.df1, tested.df2))
        found.append(
            TermTest(_name(term), tested.statistic, tested.df1, tested.df2, p_value, method.value)
        )
    return tuple(found)


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
