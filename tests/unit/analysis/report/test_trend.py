"""Does the straight line over time let groups have lines of their own, so that its interval holds?"""

from __future__ import annotations

import numpy as np
import polars as pl

from knutepunkt.analysis.models.inference import Inference, SmallSample
from knutepunkt.analysis.models.mixed import fit_mixed
from knutepunkt.analysis.report.planning.trend import random_terms, straight_line

WAVES = 3
SATTERTHWAITE = SmallSample.SATTERTHWAITE


def lines(groups: int, own_slope: float, seed: int = 4) -> pl.DataFrame:
    """Seven persons per group, three rounds, groups with slopes of their own around zero."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), 7)
    slope = own_slope * rng.normal(size=groups)
    level = rng.normal(size=group.size)
    y = [level + wave * slope[group] + rng.normal(size=group.size) for wave in range(WAVES)]
    return pl.DataFrame(
        {
            "y": np.concatenate(y),
            "time": np.repeat(np.arange(float(WAVES)), group.size),
            "participant": np.tile([f"p{one}" for one in range(group.size)], WAVES),
            "group": np.tile([f"g{one}" for one in group], WAVES),
        }
    )


def test_groups_have_slopes_of_their_own_and_the_step_is_less_sure() -> None:
    rows = lines(10, 0.8)
    terms, formula = random_terms(10, rows.height, linked=True)
    assert (terms, formula) == (3, "y ~ time + (1 | group/participant) + (0 + course || group)")
    fit, method = straight_line(rows, formula, SATTERTHWAITE)
    assert method is SATTERTHWAITE
    common = fit_mixed("y ~ time + (1 | group/participant)", rows)
    step = np.array([0.0, 1.0])
    own, plain = (Inference(one).estimate(step) for one in (fit, common))
    assert own.se > 2.0 * plain.se
    # The slopes are the only thing that differs between groups, so about one each is left.
    assert own.df < 12 < plain.df


def test_a_variance_of_slopes_that_is_zero_stays_in_the_model() -> None:
    formula = random_terms(10, 210, linked=True)[1]
    fit, method = straight_line(lines(10, 0.0), formula, SATTERTHWAITE)
    assert fit.singular
    assert method is SmallSample.KENWARD_ROGER
    assert len(fit.terms) == 3


def test_few_groups_and_none_have_one_line_for_all() -> None:
    assert random_terms(5, 105, linked=True) == (2, "y ~ time + (1 | group/participant)")
    assert random_terms(5, 105, linked=False) == (1, "y ~ time + (1 | group)")
    assert random_terms(0, 105, linked=True) == (1, "y ~ time + (1 | participant)")
