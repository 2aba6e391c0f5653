"""How often would this report's own way of reckoning be wrong, on data of its own shape?

The shape is read off the report's first table, T1, and off nothing else: how many rounds, how many
groups, and how many answered, rounded as everybody is told. The answers are not here, and neither is
who answered what, when or together with whom.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knutepunkt.analysis.distributions import beta_quantile
from knutepunkt.analysis.models.inference import Estimate
from knutepunkt.analysis.models.policy import Method
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.reported import ReportedModel
from knutepunkt.analysis.models.round_change import change_for_report
from knutepunkt.analysis.models.round_mean import mean_for_report
from knutepunkt.analysis.report.structure import Table
from knutepunkt.analysis.report.values import AtLeast, Number, Value

Labels = npt.NDArray[np.object_]
Reals = npt.NDArray[np.float64]
SEED = 20_301_117
SHARES = (0.1, 0.4, 0.5)
"""Of the variance between groups, between persons and within them; chosen, never estimated."""
CHANGE = 0.5
"""The true change, in standard deviations of a single score, whose discovery is counted."""


@dataclass(frozen=True)
class Shape:
    """How large a study is, as its readers are told.

    Attributes:
        groups: groups that were asked; None where the design has none.
        answered: how many answered in each round, in order, rounded as in T1.
        linked: how many of the first round answered in the last as well; None where rounds are not
            linked person by person.
    """

    groups: int | None
    answered: tuple[int, ...]
    linked: int | None = None


@dataclass(frozen=True)
class Calibration:
    """What came of simulated studies.

    Attributes:
        replications: studies that could be analysed.
        refused: studies in which no model could be fitted.
        wrong: studies whose interval left out the truth: no change, or for one round the mean.
        found: studies that told a true change of `CHANGE` from none; None for one round.
        row: the row of the policy table that fired most often.
    """

    replications: int
    refused: int
    wrong: int
    found: int | None
    row: str

    @property
    def errors(self) -> float:
        """Share of studies whose interval left out the truth, nominally 5 %."""
        return self.wrong / self.replications

    @property
    def coverage(self) -> float:
        """Share of studies whose interval held the truth, nominally 95 %."""
        return 1.0 - self.errors

    @property
    def doubt(self) -> tuple[float, float]:
        """The exact 95 % interval of the share of errors (Clopper and Pearson 1934)."""
        x, n = self.wrong, self.replications
        low = 0.0 if x == 0 else float(beta_quantile(0.025, x, n - x + 1))
        high = 1.0 if x == n else float(beta_quantile(0.975, x + 1, n - x))
        return low, high


def shape_of(flow: Table, *, has_groups: bool) -> Shape | None:
    """The shape of a study from its T1; None where T1 does not tell enough of it.

    Args:
        flow: T1, whose rows are named "round#step".
        has_groups: whether the design has groups.
    """
    told: dict[str, list[int]] = {"groups": [], "used": [], "linked": []}
    for row in flow.rows:
        step = row.key.rpartition("#")[2]
        if step in told:
            size = _size(row.cells[-1])
            if size is not None:
                told[step].append(size)
            elif step != "linked":
                return None
    if not told["used"] or (has_groups and not told["groups"]):
        return None
    groups = max(told["groups"]) if has_groups else None
    linked = told["linked"][0] if told["linked"] else None
    return Shape(groups, tuple(told["used"]), linked)


def _size(value: Value) -> int | None:
    if isinstance(value, Number):
        return int(value.value)
    return value.threshold if isinstance(value, AtLeast) else None


def calibrate(
    shape: Shape, *, replications: int, told: Callable[[int], None] | None = None
) -> Calibration | None:
    """Simulate studies of a shape and analyse each as the report does.

    Args:
        shape: see `Shape`.
        replications: how many studies; the seed is fixed.
        told: called with the number of studies made so far, after each.

    Returns:
        None below six groups, where nothing is inferred, and where no simulated study could be
        analysed. Groups are as even as can be. Scores are normal with 10 % of the variance between
        groups, 40 % between persons and 50 % within; nothing changes between rounds. Adding a true
        change moves an interval and leaves its width, so the same studies tell how often it would
        be found.
    """
    rng = np.random.default_rng(SEED)
    results: list[tuple[bool, bool, str]] = []
    for made in range(1, replications + 1):
        try:
            model = _study(rng, shape)
        except ModelRefusal:
            model = None
        if model is not None and model.row.method is Method.GROUPS_AS_FIXED:
            return None
        if model is not None:
            last = model.estimates[-1]
            results.append((not _holds(last, 0.0), not _holds(last, -CHANGE), model.row.id))
        if told is not None:
            told(made)
    return _summed(shape, results, replications) if results else None


def _summed(shape: Shape, results: list[tuple[bool, bool, str]], replications: int) -> Calibration:
    rows = [row for _, _, row in results]
    return Calibration(
        replications=len(results),
        refused=replications - len(results),
        wrong=sum(wrong for wrong, _, _ in results),
        found=sum(found for _, found, _ in results) if len(shape.answered) > 1 else None,
        row=max(sorted(set(rows)), key=rows.count),
    )


def _holds(estimate: Estimate, value: float) -> bool:
    return bool(estimate.low <= value <= estimate.high)


def _study(rng: np.random.Generator, shape: Shape) -> ReportedModel:
    people, rounds = _who_answered(rng, shape)
    groups = None if shape.groups is None else people % shape.groups
    y = _scores(rng, people, groups)
    if len(shape.answered) == 1:
        return mean_for_report(y, groups)
    names = rounds.astype(str).astype(object)
    order = tuple(str(each) for each in range(len(shape.answered)))
    labels = None if groups is None else groups.astype(str).astype(object)
    return change_for_report(y, names, people.astype(str).astype(object), labels, order=order)


def _who_answered(
    rng: np.random.Generator, shape: Shape
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Persons and rounds, one of each per answer.

    Where rounds are linked, those of the first who come again are drawn anew for every round, as
    many in each as in the last; the others are new. Otherwise everybody is new in every round.
    """
    first = np.arange(shape.answered[0])
    people, rounds, following = [first], [np.zeros(first.size, np.int64)], first.size
    for index, n in enumerate(shape.answered[1:], start=1):
        again = min(shape.linked or 0, n, first.size)
        here = np.concatenate([rng.permutation(first)[:again], following + np.arange(n - again)])
        following += n - again
        people.append(here)
        rounds.append(np.full(n, index, np.int64))
    return np.concatenate(people), np.concatenate(rounds)


def _scores(
    rng: np.random.Generator,
    people: npt.NDArray[np.int64],
    groups: npt.NDArray[np.int64] | None,
) -> Reals:
    between, persons, within = SHARES
    y = np.sqrt(within) * rng.standard_normal(people.size)
    held = persons if groups is not None else persons + between
    y += np.sqrt(held) * rng.standard_normal(people.max() + 1)[people]
    if groups is not None:
        y += np.sqrt(between) * rng.standard_normal(groups.max() + 1)[groups]
    return np.asarray(y, dtype=np.float64)
