"""What is planned where nobody differs from anybody, so that no model has an answer?

The same figures as anywhere else, without the numbers a model would give. The gate then decides as
it decides everywhere; were the figures missing, their absence would say that everyone was alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from knutepunkt.analysis.models.inference import Estimate
from knutepunkt.analysis.models.policy import choose
from knutepunkt.analysis.models.reported import ReportedModel, VarianceShare


def unknown(name: str, value: float) -> Estimate:
    """An estimate of which only the value is known."""
    return Estimate(name, value, *(math.nan,) * 6, 0.95, "none")


def flat_model(
    rounds: Sequence[str], means: Sequence[float], *, groups: int, persons: int, rows: int
) -> ReportedModel:
    """Means of rounds without any variation, in the form of a model that was fitted.

    Args:
        rounds: ids, in order.
        means: one per round.
        groups, persons, rows: what it rests on; 0 groups where the design has none.
    """
    levels = ("group", "person", "residual") if groups else ("person", "residual")
    shares = tuple(
        VarianceShare(level, math.nan, math.nan if level == "group" else None, None)
        for level in levels
    )
    return ReportedModel(
        estimates=tuple(
            unknown(f"{later} - {rounds[0]}", mean - means[0])
            for later, mean in zip(rounds[1:], means[1:], strict=True)
        ),
        means=tuple(unknown(at, mean) for at, mean in zip(rounds, means, strict=True)),
        row=choose(groups, rows, singular=True),
        formula="",
        variances=shares,
        checks=(),
        flags=(),
        design_effect=None,
        n_rows=rows,
        n_persons=persons,
        n_groups=groups,
    )
