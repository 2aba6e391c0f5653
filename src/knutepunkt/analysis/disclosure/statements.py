"""What does a planned figure rest on, and what has been said when it is shown?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from knutepunkt.analysis.disclosure.ladder import Cell, Ladder, Partition
from knutepunkt.analysis.disclosure.people import Flags, Labels, Roster

Reals = npt.NDArray[np.float64]
IntervalOfShare = Callable[[Flags, Labels], tuple[float, float]]


@dataclass(frozen=True)
class Component:
    """One item of a scale, as it enters the score: ``low + high - answer`` when reversed."""

    item: str
    reversed: bool = False


@dataclass(frozen=True)
class Variable:
    """What was asked, or what is scored: its name, its range and its parts.

    ``low`` and ``high`` bound every possible value; they are what makes a mean of 4.9 on a scale
    that ends at 5 tell about everybody. ``components`` names the items a scale is the mean of.
    """

    name: str
    low: float
    high: float
    components: tuple[Component, ...] = ()


@dataclass(frozen=True, eq=False)
class Records:
    """One variable's answers in one round, in one population.

    Attributes:
        variable: what was asked.
        round: opaque id of the round.
        participants: shape (n,), opaque ids as text; the same person has the same id in every
            variable (and in every round where rounds are linked).
        groups: shape (n,), opaque group ids; None where the design declares that it has no groups.
        values: shape (n,), NaN where the participant gave no valid answer.
        with_slip: shape (n,), False for answers given without a slip.
        closed: whether the round is closed.
        roster: the people, coded once for all questions of a round; made where it is not given.
    """

    variable: Variable
    round: str
    participants: npt.NDArray[np.object_]
    groups: npt.NDArray[np.object_] | None
    values: Reals
    with_slip: Flags
    closed: bool
    roster: Roster = field(default=None, repr=False)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        columns = (self.participants, self.groups, self.with_slip)
        if self.roster is None or not self.roster.holds(*columns):
            object.__setattr__(self, "roster", Roster(*columns))

    @classmethod
    def of(
        cls,
        variable: Variable,
        round_id: str,
        *,
        participants: Iterable[str],
        groups: Iterable[str] | None,
        values: Iterable[float | None],
        with_slip: Iterable[bool] | None = None,
        closed: bool,
    ) -> Records:
        """Records from plain columns; without ``with_slip`` every answer came by a slip.

        Raises:
            ValueError: the columns differ in length, a participant stands twice, or a value lies
                outside the variable's range.
        """
        roster = Roster.of(participants, groups, with_slip)
        numbers = np.array([np.nan if v is None else float(v) for v in values], dtype=float)
        return cls.on(roster, variable, round_id, numbers, closed=closed)

    @classmethod
    def on(
        cls, roster: Roster, variable: Variable, round_id: str, values: Reals, *, closed: bool
    ) -> Records:
        """Records of the people of a roster, in its order.

        Raises:
            ValueError: there are more or fewer values than people, or a value lies outside the
                variable's range.
        """
        if values.size != roster.participants.size:
            raise ValueError("columns differ in length")
        answered = values[~np.isnan(values)]
        if answered.size and (answered.min() < variable.low or answered.max() > variable.high):
            raise ValueError("a value lies outside the range of its variable")
        columns = (roster.participants, roster.groups)
        return cls(variable, round_id, *columns, values, roster.with_slip, closed, roster)

    @cached_property
    def valid(self) -> Flags:
        """Which records hold an answer."""
        return ~np.isnan(self.values)

    @property
    def counted(self) -> Flags:
        """Which records count toward a threshold: answered, and given with a slip."""
        return self.valid & self.with_slip

    def in_cell(self, cell: Cell) -> Flags:
        """Which records lie in a cell."""
        return np.isin(self.values, np.array(cell, dtype=float))

    @property
    def group_sizes(self) -> tuple[int, ...]:
        """Participants with a slip per group, largest first; empty without groups.

        Members who skipped the question are included: the size of a group is known to everyone,
        who skipped is not.
        """
        return self.roster.group_sizes


class Kind(StrEnum):
    """Which rules a planned figure is judged by."""

    FREQUENCY = "frequency"
    MEAN = "mean"
    MODEL = "model"
    ODDS = "odds"
    PARTICIPATION = "participation"
    FLOW = "flow"
    QUOTATION = "quotation"


class NumberKind(StrEnum):
    """How a computed number is rounded, and when it is told at all (P6)."""

    MEAN = "mean"
    LIMIT = "limit"
    DEVIATION = "deviation"
    MEDIAN = "median"
    COEFFICIENT = "coefficient"
    SHARE = "share"
    P_VALUE = "p_value"
    DEGREES = "degrees"
    VARIANCE = "variance"
    TRAIT = "trait"  # 1 or 0: whether something holds of the model, as that its fit was singular
    GROUP_EFFECT = "group_effect"
    EXTREME = "extreme"


@dataclass(frozen=True)
class Number:
    """A number computed by the caller that wants out with the figure, at full precision.

    ``beside`` are further records whose spread the number tells, as the changes behind the interval
    of a difference: it is told only where their spread may be. ``of_groups``: it tells how alike the
    members of a group are, or is none where they are wholly alike; the kinds that always do need no
    mark.
    """

    name: str
    value: float
    kind: NumberKind
    beside: tuple[Records, ...] = field(default=(), repr=False, compare=False)
    of_groups: bool = False


@dataclass(frozen=True)
class ModelSize:
    """What a model was fitted to: P6 asks for ten observations to spare."""

    observations: int
    coefficients: int
    variance_parameters: int
    groups: int


@dataclass(frozen=True)
class Count:
    """A count in the flow of a round, and the total it is part of.

    ``of_is_public``: everyone knows that total exactly, as how many slips were handed out.
    """

    name: str
    value: int
    of: int | None = None
    public: bool = False
    of_is_public: bool = False


@dataclass(frozen=True)
class GroupResponse:
    """How many of a group answered by a slip, of so many who were asked."""

    group: str
    used: int
    asked: int


@dataclass(frozen=True)
class Quotation:
    """Words of one answer that somebody wants to quote, and what P9 asks about them.

    ``readers`` are the people who read the words and found that they name no group and no place;
    ``people_of_code`` the participants whose answers carry the same code; ``language`` is the one
    they were written in, "" where that is not known.
    """

    code: str
    words: str
    has_consent: bool
    readers: frozenset[str]
    people_of_code: frozenset[str]
    names_group_or_place: bool = False
    language: str = ""


NumbersOf = Callable[[Partition], tuple[Number, ...]]


@dataclass(frozen=True, eq=False)
class TableRequest:
    """One planned figure: a row of a table of the report.

    Attributes:
        table: the table's stable id ("T4").
        cell: the row's id, unique in the table ("BEN1").
        kind: the rules it is judged by.
        records: every set of records it speaks about; the first is the one it shows.
        ladder: for a frequency, its merge ladder.
        always_shown: harm and deterioration: a small count becomes "fewer than t", never silence.
        numbers: computed numbers that belong to the figure (alpha, interval ends, a difference);
            of a frequency, told beside its categories and never beside less.
        model: size of the model the numbers come from.
        within_groups: the numbers rest on differences inside groups, so none is told where members
            of a group are too alike.
        interval_of: for a frequency, the pure function that gives a published cell's interval from
            (who is in the cell, group ids); called by the gate because it alone knows the cells.
        roster: for a frequency, roster totals per code where those are published too.
        counts: for the flow of a round.
        responses: for participation per group.
        told_in: for odds, table and cell of the frequencies of the same release they stand beside.
        numbers_of: for odds, the pure function that gives the numbers for the categories told there;
            called by the gate because it alone knows the categories.
        quotations: for words of participants; the first set of records then is that of their code,
            and the last cell of the ladder the code itself.
    """

    table: str
    cell: str
    kind: Kind
    records: tuple[Records, ...] = ()
    ladder: Ladder | None = None
    always_shown: bool = False
    numbers: tuple[Number, ...] = ()
    model: ModelSize | None = None
    within_groups: bool = False
    interval_of: IntervalOfShare | None = None
    roster: tuple[tuple[int, int], ...] = ()
    counts: tuple[Count, ...] = ()
    responses: tuple[GroupResponse, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    told_in: tuple[tuple[str, str], ...] = ()
    numbers_of: NumbersOf | None = None


@dataclass(frozen=True)
class Statement:
    """What one released figure said, and about which sets: all that the ledger stores of it."""

    table: str
    cell: str
    kind: str
    rung: str
    sets: tuple[tuple[str, str, str, tuple[int, ...] | None], ...]

    def as_json(self) -> dict[str, Any]:
        """The statement as it stands in the ledger and the certificate."""
        rows = [
            {"key": key, "variable": variable, "round": round_id, "codes": codes and list(codes)}
            for key, variable, round_id, codes in self.sets
        ]
        return {
            "table": self.table,
            "cell": self.cell,
            "kind": self.kind,
            "rung": self.rung,
            "sets": rows,
        }
