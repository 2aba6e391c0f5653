"""How often would this report's own way of finding change be wrong, on data of its own shape?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from knutepunkt.analysis.models.policy import Method
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.round_change import change_for_report
from knutepunkt.analysis.report.design import Design

Labels = npt.NDArray[np.object_]
Reals = npt.NDArray[np.float64]
SEED = 20_301_117
SHARES = (0.1, 0.4, 0.5)
"""Of the variance between groups, between persons and within them; chosen, never estimated."""


@dataclass(frozen=True)
class Calibration:
    """What came of simulated studies in which nothing changed.

    Attributes:
        replications: studies that could be analysed.
        refused: studies in which no model could be fitted.
        errors: share in which the interval of the last round's change left out zero, nominally 5 %.
        coverage: share in which it held zero, nominally 95 %.
        row: the row of the policy table that fired most often.
    """

    replications: int
    refused: int
    errors: float
    coverage: float
    row: str


def calibrate(design: Design, frame: pl.DataFrame, *, replications: int) -> Calibration | None:
    """Simulate studies with as many people in the same groups and rounds, and analyse each alike.

    Args:
        design: the study.
        frame: its answers, of which only how many of each group answered each round is used.
        replications: how many studies; the seed is fixed.

    Returns:
        None for a single round, below six groups (where nothing is inferred), and where no
        simulated study could be analysed. Scores are normal with 10 % of the variance between
        groups, 40 % between persons and 50 % within; the true change is zero. A report of real
        answers can differ from that in its shares and in its shape of scores.
    """
    if design.is_single:
        return None
    order = tuple(each.id for each in design.rounds)
    rows = _as_many_people(design, frame)
    people = rows["participant"].to_numpy()
    groups = rows["group"].to_numpy() if design.has_groups else None
    rng = np.random.default_rng(SEED)
    found: list[tuple[bool, str]] = []
    for _replication in range(replications):
        y = _scores(rng, people, groups)
        try:
            model = change_for_report(y, rows["round"].to_numpy(), people, groups, order=order)
        except ModelRefusal:
            continue
        if model.row.method is Method.GROUPS_AS_FIXED:
            return None
        last = model.estimates[-1]
        found.append((not last.low <= 0.0 <= last.high, model.row.id))
    if not found:
        return None
    errors = float(np.mean([wrong for wrong, _ in found]))
    fired = [row for _, row in found]
    usual = max(sorted(set(fired)), key=fired.count)
    return Calibration(len(found), replications - len(found), errors, 1.0 - errors, usual)


def _as_many_people(design: Design, frame: pl.DataFrame) -> pl.DataFrame:
    """As many people per group and round as answered; the first of a group are the same in each.

    Who came back is not used: the figures that come out could be compared with every guess of it.
    """
    place = ["group", "round"] if design.has_groups else ["round"]
    rows = frame.select(pl.col(name).cast(pl.String) for name in place).sort(place)
    number = pl.int_range(pl.len()).over(place).cast(pl.String)
    parts = [*(["group"] if design.has_groups else []), *([] if design.linked else ["round"])]
    named = pl.concat_str([*(pl.col(name) for name in parts), number], separator="#")
    return rows.with_columns(named.alias("participant"))


def _scores(rng: np.random.Generator, people: Labels, groups: Labels | None) -> Reals:
    between, persons, within = SHARES
    levels = [(people, persons if groups is not None else persons + between)]
    if groups is not None:
        levels.append((groups, between))
    y: Reals = np.sqrt(within) * rng.standard_normal(people.size)
    for labels, share in levels:
        _, places = np.unique(labels.astype(str), return_inverse=True)
        y = np.asarray(y + np.sqrt(share) * rng.standard_normal(places.max() + 1)[places])
    return y
