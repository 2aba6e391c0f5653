"""What does a linear mixed model estimate from rows?"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy import linalg

from knutepunkt.analysis.models.arrays import Floats, Table
from knutepunkt.analysis.models.blocks import (
    InnerTerm,
    blocks_of,
    canonical,
    diagonal_positions,
    inner_terms,
)
from knutepunkt.analysis.models.crossed_solver import CrossedSolver
from knutepunkt.analysis.models.derivatives import gradient
from knutepunkt.analysis.models.design import INTERCEPT, Design, RandomTerm, build_design
from knutepunkt.analysis.models.fit import (
    SINGULAR_BELOW,
    Coordinates,
    InferentialSolver,
    MixedFit,
    VarianceTerm,
    assembled,
)
from knutepunkt.analysis.models.formula import parse_formula
from knutepunkt.analysis.models.likelihood import (
    Reduction,
    adjoint_of,
    deviance,
    profile_of,
)
from knutepunkt.analysis.models.nested_solver import NestedSolver, chain_of
from knutepunkt.analysis.models.optimum import Search, least
from knutepunkt.analysis.models.random_intercept import (
    InterceptSolver,
    best_ratio,
    intercept_solver,
)
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.row_parts import InnerRows
from knutepunkt.analysis.models.specification import MixedModel

DEPENDENT_BELOW = 1e-9
CHEAP_ROWS = 5_000


def fit_mixed(model: MixedModel | str, rows: Table, *, reml: bool = True) -> MixedFit:
    """Fit a linear mixed model by REML or ML.

    Args:
        model: a declared model or a formula in lme4's notation.
        rows: a polars frame or named columns; incomplete rows are left out and counted.
        reml: restricted maximum likelihood, or maximum likelihood.

    Formula: y = X beta + Z b + e, b ~ N(0, sigma^2 Lambda Lambda'), e ~ N(0, sigma^2 I); the
    criterion is profiled to theta, the free entries of Lambda (Bates et al. 2015).

    Raises:
        ModelRefusal: with a code for every kind of rows that bear no such model.
    """
    declared = parse_formula(model) if isinstance(model, str) else model
    if not declared.random:
        raise ModelRefusal(RefusalCode.BAD_FORMULA, "a mixed model needs a random term")
    return fit_design(build_design(declared, rows), reml=reml)


def fit_design(design: Design, *, reml: bool = True) -> MixedFit:
    """Fit a model that has already met its rows; see :func:`fit_mixed`."""
    coordinates, x, y = inner_columns(design)
    terms = inner_terms(design.random)
    solver, theta = _least_criterion(terms, x, y, reml=reml)
    small = theta[diagonal_positions(terms)] < SINGULAR_BELOW
    covariances = tuple(
        VarianceTerm(
            term.term.factor, term.term.columns, term.outer_covariance(theta), term.term.n_levels
        )
        for term in terms
    )
    return assembled(
        solver,
        theta,
        coordinates,
        design.names,
        covariances,
        reml=reml,
        singular=bool(small.any()),
        n_dropped=design.n_dropped,
    )


def _least_criterion(
    terms: tuple[InnerTerm, ...], x: Floats, y: Floats, *, reml: bool
) -> tuple[InferentialSolver, Floats]:
    """Return the solver that suits the random terms, and the theta of the least criterion."""
    if len(terms) == 1 and terms[0].term.columns == (INTERCEPT,):
        alone = _intercept_alone(terms[0].term, x, y)
        return alone, np.array([np.sqrt(best_ratio(alone, reml=reml))])
    blocks = blocks_of(terms)
    rows = InnerRows(x, y, blocks)
    chain = chain_of(blocks)
    solver: InferentialSolver
    if chain is None:
        solver = CrossedSolver(rows, blocks)
    else:
        _checked_levels([block.n_levels for block in chain])
        solver = NestedSolver(rows, chain)
    return solver, canonical(least(_search(solver, terms, reml=reml)), terms)


def _intercept_alone(term: RandomTerm, x: Floats, y: Floats) -> InterceptSolver:
    """Sum the rows once per group; the criterion is a function of these sums alone."""
    n = np.bincount(term.codes, minlength=term.n_levels).astype(np.float64)
    columns = [*x.T, y]
    sums = [np.bincount(term.codes, column, minlength=term.n_levels) for column in columns]
    total = np.zeros((len(columns), len(columns)))
    total[:-1, :-1] = x.T @ x
    total[-1, :-1] = total[:-1, -1] = x.T @ y
    total[-1, -1] = y @ y
    return intercept_solver(n, np.column_stack(sums), total)


def inner_columns(design: Design) -> tuple[Coordinates, Floats, Floats]:
    """Orthonormalise X and take the least squares fit out of y.

    Raises:
        ModelRefusal: ``too_few_rows``, ``no_variance``, ``collinear_columns`` (naming them) or
            ``no_residual_variance``.
    """
    n_rows, p = design.x.shape
    if n_rows <= p + 1:
        raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, f"{n_rows} rows for {p} fixed effects")
    size = float(np.abs(design.y).max())
    if float(np.ptp(design.y)) <= 1e-12 * size:
        raise ModelRefusal(RefusalCode.NO_VARIANCE, "the outcome is constant")
    if p == 0:
        return Coordinates(np.zeros((0, 0)), np.zeros(0)), design.x, design.y
    q, r = np.linalg.qr(design.x)
    lengths = np.linalg.norm(design.x, axis=0)
    dependent = np.abs(np.diag(r)) <= DEPENDENT_BELOW * np.maximum(lengths, 1e-300)
    if dependent.any():
        named = [name for name, bad in zip(design.names, dependent, strict=True) if bad]
        raise ModelRefusal(RefusalCode.COLLINEAR_COLUMNS, ", ".join(named))
    ols = linalg.solve_triangular(r, q.T @ design.y)
    residual = design.y - design.x @ ols
    if float(np.abs(residual).max()) <= 1e-11 * size:
        raise ModelRefusal(RefusalCode.NO_RESIDUAL_VARIANCE, "the predictors explain everything")
    matrix = linalg.solve_triangular(r, np.eye(p))
    return Coordinates(matrix, ols), q, residual


def _checked_levels(levels: list[int]) -> None:
    for inner, outer in pairwise(levels):
        if inner == outer:
            raise ModelRefusal(
                RefusalCode.NOT_IDENTIFIED, "two nested factors have the same levels"
            )


def _search(solver: InferentialSolver, terms: tuple[InnerTerm, ...], *, reml: bool) -> Search:
    diagonal = diagonal_positions(terms)
    ends = [term.start + term.n_theta for term in terms for _ in range(term.width)]
    columns = []
    for position, end, following in zip(diagonal, ends, [*diagonal[1:], ends[-1]], strict=True):
        columns.append(tuple(range(position, min(end, following))))

    def objective(theta: Floats) -> float:
        return deviance(solver, theta, reml=reml)

    def adjoint(reduction: Reduction) -> Floats:
        return adjoint_of(profile_of(reduction, solver.n_fixed), solver.n_rows, reml=reml)

    def slopes(theta: Floats) -> Floats:
        if isinstance(solver, NestedSolver):
            return solver.slopes(theta, adjoint)
        return gradient(objective, theta)

    thorough = isinstance(solver, NestedSolver) or solver.n_rows <= CHEAP_ROWS
    n_starts = 2 if solver.n_rows <= CHEAP_ROWS else 1
    return Search(
        objective, slopes, solver.n_theta, tuple(diagonal), tuple(columns), thorough, n_starts
    )
