"""What happens to the change between rounds when those who did not answer are thought of as well?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import interpolate, optimize

from knutepunkt.analysis.models.arrays import Floats, codes_of
from knutepunkt.analysis.models.change_sums import ChangeSums
from knutepunkt.analysis.models.imputation import COMPLETED, SEED, Completed, impute
from knutepunkt.analysis.models.inference import Estimate, t_estimate
from knutepunkt.analysis.models.moments import GroupMoments
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.reported import plain_mean
from knutepunkt.analysis.models.round_mean import mean_for_report, mean_of_sums
from knutepunkt.analysis.models.rubin import Pooled, pool

#: How far those who are missing are moved, at most, in standard deviations of the first round.
FURTHEST = 2.0
POINTS = 6


@dataclass(frozen=True)
class RoundAnswered:
    """How many answered a round, and how many of those of the first round did."""

    round: str
    answered: int
    of_first: int


@dataclass(frozen=True)
class StayersLeavers:
    """One property in the first round: those who answered the last round and those who did not.

    Attributes:
        name: the property.
        stayers, leavers: means; ``n_stayers`` and ``n_leavers`` people with a value.
        difference: leavers minus stayers in pooled standard deviations, with its interval; None
            where there are fewer than two in a group or nobody differs.
    """

    name: str
    stayers: float
    leavers: float
    n_stayers: int
    n_leavers: int
    difference: Estimate | None


@dataclass(frozen=True)
class Attrition:
    """Who stayed: by round, by pattern of rounds answered, and compared in the first round."""

    rounds: tuple[RoundAnswered, ...]
    patterns: tuple[tuple[tuple[bool, ...], int], ...]
    compared: tuple[StayersLeavers, ...]


def attrition(
    rounds: Mapping[str, NDArray[Any]],
    properties: Mapping[str, NDArray[Any]] | None = None,
    *,
    level: float = 0.95,
) -> Attrition:
    """Tell who stayed, from linked rounds.

    Args:
        rounds: the outcome by round in order, shape (n,) each, one place per person, NaN for no
            answer.
        properties: further first-round columns to compare; the first round's outcome always is.
        level: confidence level. The interval of a standardised difference d with groups of n1 and
            n2: variance (n1 + n2)/(n1 n2) + d^2/(2 (n1 + n2)) (Hedges and Olkin 1985).

    Raises:
        ModelRefusal: ``one_round``, ``bad_shape``, ``no_rows``.
    """
    table = _rounds(rounds)
    answered = ~np.isnan(table)
    names = list(rounds)
    flow = tuple(
        RoundAnswered(name, int(answered[:, k].sum()), int((answered[:, 0] & answered[:, k]).sum()))
        for k, name in enumerate(names)
    )
    patterns = Counter(tuple(bool(one) for one in row) for row in answered if row.any())
    ordered = tuple(sorted(patterns.items(), key=lambda each: (-each[1], each[0])))
    first, last = answered[:, 0], answered[:, -1]
    columns = {names[0]: table[:, 0], **(properties or {})}
    compared = tuple(
        _compare(name, np.asarray(column, dtype=np.float64), first & last, first & ~last, level)
        for name, column in columns.items()
    )
    return Attrition(flow, ordered, compared)


def _rounds(rounds: Mapping[str, NDArray[Any]]) -> Floats:
    if len(rounds) < 2:
        raise ModelRefusal(RefusalCode.ONE_ROUND, "a change needs two rounds")
    columns = [np.asarray(one, dtype=np.float64).reshape(-1) for one in rounds.values()]
    if len({one.size for one in columns}) != 1:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "the rounds differ in length")
    table = np.column_stack(columns)
    if not np.isfinite(table).any():
        raise ModelRefusal(RefusalCode.NO_ROWS, "nobody answered")
    return table


def _compare(
    name: str, column: Floats, stayed: NDArray[np.bool_], left: NDArray[np.bool_], level: float
) -> StayersLeavers:
    if column.size != stayed.size:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, f"{name} differs in length")
    a, b = (column[who & np.isfinite(column)] for who in (stayed, left))
    means = [float(one.mean()) if one.size else float("nan") for one in (a, b)]
    gap: Estimate | None = None
    if a.size > 1 and b.size > 1:
        free = a.size + b.size - 2
        spread = np.sqrt((a.var(ddof=1) * (a.size - 1) + b.var(ddof=1) * (b.size - 1)) / free)
        if spread > 0.0:
            gap = _standardised(name, (means[1] - means[0]) / float(spread), a.size, b.size, level)
    return StayersLeavers(name, means[0], means[1], a.size, b.size, gap)


def _standardised(name: str, d: float, n1: int, n2: int, level: float) -> Estimate:
    se = float(np.sqrt((n1 + n2) / (n1 * n2) + d**2 / (2 * (n1 + n2))))
    return t_estimate(name, d, se, float(n1 + n2 - 2), level=level, method="hedges")


@dataclass(frozen=True)
class ImputedChange:
    """The change to one later round, with and without those who are missing.

    Attributes:
        later: the round.
        both: among people who answered both rounds.
        pooled: over everybody, gaps imputed.
        n_both, n_all: people behind the two.
        n_imputed: people whose later answer was imputed.
    """

    later: str
    both: Estimate
    pooled: Pooled
    n_both: int
    n_all: int
    n_imputed: int


class MissingRounds:
    """Linked rounds with their gaps filled once, and asked about several times.

    Args:
        rounds: the outcome by round in order, shape (n,) each, one place per person, NaN for no
            answer; people without any answer are left out.
        group: group of each person, or None.
        others: further columns that may explain gaps.
        completed: number of completed tables.
        level: confidence level.
        seed: of the draws.

    Raises:
        ModelRefusal: as :func:`impute`, and ``one_round``.
    """

    def __init__(
        self,
        rounds: Mapping[str, NDArray[Any]],
        group: NDArray[Any] | None = None,
        others: Mapping[str, NDArray[Any]] | None = None,
        *,
        completed: int = COMPLETED,
        level: float = 0.95,
        seed: int = SEED,
    ) -> None:
        table = _rounds(rounds)
        here = np.isfinite(table).any(axis=1)
        self.names, self.level = tuple(rounds), level
        labels = None if group is None else np.asarray(group)[here]
        # Codes in the order of the labels: each completed table would sort the labels anew.
        self.group = None if labels is None else codes_of(labels)[0]
        extra = {f"other {k}": one for k, one in enumerate((others or {}).values())}
        columns = {name: table[:, k] for k, name in enumerate(rounds)} | extra
        kept = {name: np.asarray(one, dtype=np.float64)[here] for name, one in columns.items()}
        self._means: dict[tuple[str, float], Pooled] = {}
        self._by_group: dict[str, ChangeSums] = {}
        self.completed: Completed = impute(kept, labels, completed=completed, seed=seed)

    def change(self, later: str) -> ImputedChange:
        """Return the mean change from the first round to ``later``."""
        first, second = self.completed.column(self.names[0]), self.completed.column(later)
        gaps = self._gaps(later)
        known = ~gaps & ~self._gaps(self.names[0])
        both = (second - first)[0, known]
        groups = None if self.group is None else self.group[known]
        return ImputedChange(
            later=later,
            both=mean_for_report(both, groups, name="change", level=self.level).estimates[0],
            pooled=self._pooled(later, 0.0),
            n_both=int(known.sum()),
            n_all=int(known.size),
            n_imputed=int(gaps.sum()),
        )

    def tipping_point(self, later: str, *, against: float = 0.0) -> TippingPoint:
        """Ask how much worse than foreseen the missing must have answered for the finding to fall.

        The imputed answers of the later round are moved by delta, the rest is as in
        :meth:`change` (Rubin 1987, the delta method of pattern mixture).

        Args:
            later: the round.
            against: the change that must be excluded by the interval: 0, or the smallest change
                that matters with its sign.
        """
        start = self._pooled(later, 0.0).estimate
        spread = float(np.nanstd(self.completed.column(self.names[0])[0], ddof=1))
        sign = -1.0 if start.value >= against else 1.0
        deltas = sign * np.linspace(0.0, FURTHEST * spread, POINTS)
        moved = [self._pooled(later, float(delta)).estimate for delta in deltas[1:]]
        points = tuple(zip(map(float, deltas), (start, *moved), strict=True))
        margins = [one.low - against if sign < 0 else against - one.high for _delta, one in points]
        return TippingPoint(later, against, points, _falls(np.abs(deltas), margins, sign), spread)

    def _gaps(self, name: str) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.completed.missing[:, self.completed.names.index(name)]
        return found

    def _pooled(self, later: str, delta: float) -> Pooled:
        """The mean with the missing moved by delta; found once, whoever asks."""
        if (later, delta) not in self._means:
            self._means[later, delta] = self._pool(later, delta)
        return self._means[later, delta]

    def _pool(self, later: str, delta: float) -> Pooled:
        tables = range(len(self.completed.values))
        moments: Sequence[GroupMoments | None] = [None for _ in tables]
        if self.group is not None:
            moments = self._sums(later).moved(delta)
        found = [self._mean(later, delta, *each) for each in zip(tables, moments, strict=True)]
        errors, df = [one.se for one in found], float(np.mean([one.df for one in found]))
        return pool([one.value for one in found], errors, df, name="change", level=self.level)

    def _mean(self, later: str, delta: float, at: int, moments: GroupMoments | None) -> Estimate:
        """The mean change of one table: from sums per group where they are enough, else from rows."""
        if moments is not None:
            told = mean_of_sums(moments, name="change", level=self.level)
            if told is not None:
                return told
        values = self._changes(later, at) + delta * self._gaps(later)
        if self.group is None:
            return plain_mean("change", values, level=self.level, method="t")
        found = mean_for_report(values, self.group, name="change", level=self.level, bare=True)
        return found.estimates[0]

    def _changes(self, later: str, at: int) -> Floats:
        """The change to a round in one of the tables, shape (n,)."""
        found: Floats = self.completed.column(later)[at] - self.completed.column(self.names[0])[at]
        return found

    def _sums(self, later: str) -> ChangeSums:
        """The sums per group of the change to a round; found once."""
        assert self.group is not None
        if later not in self._by_group:
            changes = (self._changes(later, at) for at in range(len(self.completed.values)))
            self._by_group[later] = ChangeSums.of(changes, self._gaps(later), self.group)
        return self._by_group[later]


@dataclass(frozen=True)
class TippingPoint:
    """How robust a change is against what the missing may have answered.

    Attributes:
        later: the round.
        against: the change the interval must exclude.
        points: (delta, estimate) from 0 to two standard deviations, toward the finding's fall.
        falls_at: the delta at which the interval first holds ``against``, read off a smooth curve
            through the points; 0.0 where it does so without any, None where not even two standard
            deviations suffice.
        spread: standard deviation in the first round, to tell delta in.
    """

    later: str
    against: float
    points: tuple[tuple[float, Estimate], ...]
    falls_at: float | None
    spread: float


def _falls(distances: Floats, margins: list[float], sign: float) -> float | None:
    """Where a smooth curve through the margins is zero for the first time."""
    if margins[0] <= 0.0:
        return 0.0
    below = next((k for k, margin in enumerate(margins) if margin <= 0.0), None)
    if below is None:
        return None
    curve = interpolate.PchipInterpolator(distances, margins)
    return sign * float(
        optimize.brentq(lambda at: float(curve(at)), distances[below - 1], distances[below])
    )
