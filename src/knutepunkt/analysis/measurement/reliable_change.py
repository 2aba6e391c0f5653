"""How many persons changed more than the measure's error, and for how many is it a recovery?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knutepunkt.analysis.measurement.arrays import Floats, pair, still
from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode


class ChangeClass(StrEnum):
    """What became of one person between two rounds."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"


@dataclass(frozen=True)
class ReliableChange:
    """Numbers per class. Without a cut-off nobody is "recovered". `threshold` in score points."""

    n: int
    counts: tuple[tuple[ChangeClass, int], ...]
    sem: float
    sd_of_difference: float
    threshold: float
    reliability: float
    cutoff: float | None

    def count(self, wanted: ChangeClass) -> int:
        """How many persons are in this class."""
        return dict(self.counts)[wanted]


def clinical_cutoff(
    mean_troubled: float, sd_troubled: float, mean_well: float, sd_well: float
) -> float:
    """The score where the two groups meet: (sd_w m_t + sd_t m_w) / (sd_w + sd_t), criterion c.

    Raises BAD_ARGUMENT when an SD is not above 0.
    Source: Jacobson and Truax (1991), J Consult Clin Psychol 59, 12-19.
    """
    if not (sd_troubled > 0 and sd_well > 0):
        raise MeasurementRefused("reliable_change", RefusalCode.BAD_ARGUMENT)
    return (sd_well * mean_troubled + sd_troubled * mean_well) / (sd_well + sd_troubled)


def reliable_change_index(difference: Any, sd_before: float, reliability: float) -> Floats:
    """Differences (n,) divided by sqrt(2) SEM, SEM = sd_before sqrt(1 - reliability).

    Raises BAD_ARGUMENT unless sd_before > 0 and 0 <= reliability < 1.
    Source: Jacobson and Truax (1991).
    """
    if not (sd_before > 0 and 0 <= reliability < 1):
        raise MeasurementRefused("reliable_change", RefusalCode.BAD_ARGUMENT)
    scale = math.sqrt(2) * sd_before * math.sqrt(1 - reliability)
    return np.asarray(difference, dtype=np.float64) / scale


def reliable_change(
    before: Any,
    after: Any,
    *,
    reliability: float,
    higher_is_better: bool,
    cutoff: float | None = None,
    z: float = 1.96,
) -> ReliableChange:
    """Classify each person present in both rounds, vectors (n,).

    Changed: |index| > z. Recovered: improved and moved from the troubled side of the cut-off to
    the other (a score equal to the cut-off counts as well). SD is that of the round before, among
    those with both. Raises TOO_FEW (fewer than three), CONSTANT, BAD_ARGUMENT.
    Source: Jacobson and Truax (1991).
    """
    pre, post = pair("reliable_change", before, after, least=3)
    sd = float(pre.std(ddof=1))
    if still(sd, pre):
        raise MeasurementRefused("reliable_change", RefusalCode.CONSTANT, len(pre))
    sign = 1.0 if higher_is_better else -1.0
    index = sign * reliable_change_index(post - pre, sd, reliability)
    crossed = np.zeros(len(pre), dtype=np.bool_)
    if cutoff is not None:
        crossed = (sign * pre < sign * cutoff) & (sign * post >= sign * cutoff)
    counts = _counted(index, crossed, np.ones(len(pre)), z)
    sem = sd * math.sqrt(1 - reliability)
    return ReliableChange(
        n=len(pre),
        counts=counts,
        sem=sem,
        sd_of_difference=math.sqrt(2) * sem,
        threshold=z * math.sqrt(2) * sem,
        reliability=reliability,
        cutoff=cutoff,
    )


def classes_of_pairs(
    joint: Floats, reliability: float, higher_is_better: bool, *, z: float = 1.96
) -> tuple[tuple[ChangeClass, int], ...]:
    """Classes of persons counted by (earlier, later) score, rows (before, after, persons).

    As `reliable_change` without a cut-off, so nobody is "recovered". Raises TOO_FEW (fewer than
    three persons), CONSTANT and BAD_ARGUMENT.
    """
    persons = joint[:, 2] if len(joint) else np.zeros(0)
    n = float(persons.sum())
    if n < 3:
        raise MeasurementRefused("reliable_change", RefusalCode.TOO_FEW, int(n))
    mean = float(persons @ joint[:, 0]) / n
    sd = math.sqrt(float(persons @ (joint[:, 0] - mean) ** 2) / (n - 1))
    if still(sd, joint[:, 0]):
        raise MeasurementRefused("reliable_change", RefusalCode.CONSTANT, int(n))
    sign = 1.0 if higher_is_better else -1.0
    index = sign * reliable_change_index(joint[:, 1] - joint[:, 0], sd, reliability)
    return _counted(index, np.zeros(len(joint), dtype=np.bool_), persons, z)


def _counted(
    index: Floats, crossed: NDArray[np.bool_], persons: Floats, z: float
) -> tuple[tuple[ChangeClass, int], ...]:
    improved = float(persons[index > z].sum())
    recovered = float(persons[(index > z) & crossed].sum())
    worse = float(persons[index < -z].sum())
    counts = {
        ChangeClass.RECOVERED: recovered,
        ChangeClass.IMPROVED: improved - recovered,
        ChangeClass.UNCHANGED: float(persons.sum()) - improved - worse,
        ChangeClass.DETERIORATED: worse,
    }
    return tuple((name, round(count)) for name, count in counts.items())
