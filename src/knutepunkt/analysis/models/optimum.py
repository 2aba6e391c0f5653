"""At which theta is the criterion least, the boundary included?

The criterion does not change when a column of a triangle of theta changes sign, so a variance of
zero is an ordinary stationary point and the search needs no bounds. It starts from several points,
follows a quasi-Newton path, finishes with Newton steps, leaves saddles along the direction that
goes down, and tries at the end whether a small standard deviation is zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from knutepunkt.analysis.models.arrays import Floats, symmetric
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

START_SCALES = (0.05, 0.3, 1.0, 3.0, 10.0)
NEWTON_STEPS = 8
STEP_ENOUGH = 1e-8
CURVATURE_STEP = 1e-4
SMALL = 0.02
SAME = 1e-8
RUNS_AWAY = 1e4  # a residual standard deviation of a ten-thousandth of another

Objective = Callable[[Floats], float]


@dataclass(frozen=True)
class Search:
    """What is searched.

    Attributes:
        objective: the profiled criterion.
        slopes: its derivatives.
        n_theta: number of parameters.
        diagonal: positions of standard deviations, the others are covariances.
        columns: for each diagonal position, all positions of its column of the triangle.
        thorough: whether slopes are exact or cheap enough for Newton steps.
        n_starts: from how many points to search.
    """

    objective: Objective
    slopes: Callable[[Floats], Floats]
    n_theta: int
    diagonal: tuple[int, ...]
    columns: tuple[tuple[int, ...], ...]
    thorough: bool
    n_starts: int


def least(search: Search) -> Floats:
    """Return the theta of the least criterion.

    Raises:
        ModelRefusal: ``no_residual_variance`` if theta grows without limit, ``not_converged`` if
            no start reaches a stationary point.
    """
    found = [_descended(search, start) for start in _starts(search)]
    best = min(found, key=search.objective)
    if search.thorough:
        best = _off_saddles(search, best)
    best = _zeroed(search, best)
    if np.abs(best).max(initial=0.0) > RUNS_AWAY:
        raise ModelRefusal(RefusalCode.NO_RESIDUAL_VARIANCE, "nothing varies within the groups")
    return best


def _starts(search: Search) -> list[Floats]:
    unit = np.zeros(search.n_theta)
    unit[list(search.diagonal)] = 1.0
    ranked = sorted(START_SCALES, key=lambda scale: search.objective(scale * unit))
    return [scale * unit for scale in ranked[: search.n_starts]]


def _descended(search: Search, start: Floats) -> Floats:
    result = optimize.minimize(  # type: ignore[call-overload]
        lambda point: search.objective(point),
        start,
        jac=lambda point: search.slopes(point),
        method="BFGS",
        options={"gtol": 1e-6, "maxiter": 300},
    )
    point: Floats = np.asarray(result.x, dtype=np.float64)
    if not np.isfinite(search.objective(point)):
        raise ModelRefusal(RefusalCode.NOT_CONVERGED, "the search left the finite numbers")
    return _polished(search, point) if search.thorough else point


def _polished(search: Search, start: Floats, free: Floats | None = None) -> Floats:
    """Take Newton steps with absolute curvature; flat directions are left alone."""
    directions = np.eye(start.size) if free is None else free
    point, value = start, search.objective(start)
    for _ in range(NEWTON_STEPS):
        slopes = search.slopes(point) @ directions
        values, vectors = np.linalg.eigh(directions.T @ _curvature(search, point) @ directions)
        bends = np.abs(values) > 1e-6 * np.abs(values).max(initial=1e-300)
        along = np.where(bends, (vectors.T @ slopes) / np.where(bends, np.abs(values), 1.0), 0.0)
        step = -(directions @ (vectors @ along))
        length = _shortened(search.objective, point, step, value)
        if length == 0.0:
            break
        point = point + length * step
        value = search.objective(point)
        if np.abs(step).max(initial=0.0) < STEP_ENOUGH * max(1.0, np.abs(point).max()):
            break
    return point


def _shortened(objective: Objective, point: Floats, step: Floats, value: float) -> float:
    length = 1.0
    while length > 1e-4:
        if objective(point + length * step) <= value + 1e-12 * abs(value):
            return length
        length /= 4.0
    return 0.0


def _curvature(search: Search, point: Floats) -> Floats:
    """Return second derivatives as central differences of the first, shape (m, m)."""
    columns = []
    for position in range(point.size):
        width = np.zeros(point.size)
        width[position] = CURVATURE_STEP * max(1.0, abs(float(point[position])))
        rise = search.slopes(point + width) - search.slopes(point - width)
        columns.append(rise / (2.0 * width[position]))
    return symmetric(np.array(columns))


def _off_saddles(search: Search, start: Floats) -> Floats:
    """Follow a direction of negative curvature, should the search have stopped on a saddle."""
    point = start
    for _ in range(3):
        values, vectors = np.linalg.eigh(_curvature(search, point))
        if values[0] > -1e-4 * max(1.0, float(np.abs(values).max())):
            return point
        ahead = [point + size * vectors[:, 0] for size in (0.03, 0.3, 1.0)]
        lower = min(ahead, key=search.objective)
        if not search.objective(lower) < search.objective(point) - SAME:
            return point
        point = _descended(search, lower)
    return point


def _zeroed(search: Search, start: Floats) -> Floats:
    """Set a small standard deviation to exactly zero where the criterion does not mind."""
    best, value = start, search.objective(start)
    for position, column in zip(search.diagonal, search.columns, strict=True):
        for wiped in ((position,), column):
            if not 0.0 < math.hypot(*best[list(wiped)]) < SMALL:
                continue
            trial = best.copy()
            trial[list(wiped)] = 0.0
            free = np.delete(np.eye(start.size), list(wiped), axis=1)
            if free.shape[1]:
                trial = _polished(search, trial, free)
            if search.objective(trial) <= value + SAME:
                best, value = trial, min(value, search.objective(trial))
    return best
