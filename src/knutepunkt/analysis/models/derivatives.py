"""What are the first and second derivatives of a smooth function of a few parameters?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from knutepunkt.analysis.models.arrays import Floats

RELATIVE_STEP = 0.02
LEAST_SCALE = 0.25


def steps_at(point: Floats) -> Floats:
    """Return a step for each parameter: two per cent of it, or of a quarter if it is small."""
    return RELATIVE_STEP * np.maximum(np.abs(point), LEAST_SCALE)


def jacobian_and_hessian(
    function: Callable[[Floats], Floats], point: Floats
) -> tuple[Floats, Floats]:
    """Differentiate a vector function by central differences of fourth order.

    Args:
        function: takes shape (m,), returns shape (v,).
        point: where, shape (m,).

    Returns:
        First derivatives, shape (m, v), and second derivatives, shape (m, m, v).
    """
    steps, m = steps_at(point), point.size
    centre = function(point)
    jacobian = np.empty((m, centre.size))
    hessian = np.empty((m, m, centre.size))

    def at(*moves: tuple[int, float]) -> Floats:
        moved = point.copy()
        for index, amount in moves:
            moved[index] += amount * steps[index]
        return function(moved)

    for i in range(m):
        near, far = (at((i, 1)), at((i, -1))), (at((i, 2)), at((i, -2)))
        first = 8.0 * (near[0] - near[1]) - (far[0] - far[1])
        jacobian[i] = first / (12.0 * steps[i])
        second = 16.0 * (near[0] + near[1]) - (far[0] + far[1]) - 30.0 * centre
        hessian[i, i] = second / (12.0 * steps[i] ** 2)
    for i, j in combinations(range(m), 2):
        # The mixed difference at two step lengths, extrapolated.
        parts = [
            at((i, a), (j, a)) - at((i, a), (j, -a)) - at((i, -a), (j, a)) + at((i, -a), (j, -a))
            for a in (1, 2)
        ]
        mixed = (16.0 * parts[0] - parts[1]) / (48.0 * steps[i] * steps[j])
        hessian[i, j] = hessian[j, i] = mixed
    return jacobian, hessian


def gradient(function: Callable[[Floats], float], point: Floats, step: float = 1e-4) -> Floats:
    """Differentiate a scalar function by central differences, shape (m,)."""
    slopes = np.empty(point.size)
    for i in range(point.size):
        moved = point.copy()
        width = step * max(abs(float(point[i])), LEAST_SCALE)
        moved[i] = point[i] + width
        above = function(moved)
        moved[i] = point[i] - width
        slopes[i] = (above - function(moved)) / (2.0 * width)
    return slopes
