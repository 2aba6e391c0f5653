"""Which records does a planned figure rest on, as the gate wants to see them?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from knutepunkt.analysis.coding.coded import CodedAnswers
from knutepunkt.analysis.disclosure.people import Flags, Labels, Roster, closed_up
from knutepunkt.analysis.disclosure.statements import Component, Records, Variable
from knutepunkt.analysis.instruments.items import Item
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.instruments.scoring import score
from knutepunkt.analysis.measurement.frequencies import share_interval
from knutepunkt.analysis.report.design import Design, DesignFault, RoundDesign

Reals = npt.NDArray[np.float64]
LEAST = 5
REQUIRED_COLUMNS = ("participant", "round")


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of a study: a checked frame with one row per answer, scale scores included.

    `coded` holds what was said in open answers, where somebody coded them.
    """

    design: Design
    frame: pl.DataFrame
    least: int = LEAST
    coded: CodedAnswers | None = None

    @classmethod
    def of(
        cls,
        design: Design,
        frame: pl.DataFrame,
        *,
        least: int = LEAST,
        coded: CodedAnswers | None = None,
    ) -> Answers:
        """Check the frame against the design and add one column per scale score.

        Raises `DesignFault` for a missing column, a round the design does not name, a person who
        stands twice in a round, and a code that is no option of its question.
        """
        needed = [*REQUIRED_COLUMNS, *(["group"] if design.has_groups else [])]
        for name in needed:
            if name not in frame.columns:
                raise DesignFault(f"The answers have no column {name!r}. Add it.")
        strange = set(frame["round"].unique()) - {each.id for each in design.rounds}
        if strange:
            raise DesignFault(
                f"Round {min(map(str, strange))!r} is not in the design. Name it there."
            )
        if frame.select("participant", "round").is_duplicated().any():
            raise DesignFault("A person stands twice in one round. Keep one of the rows.")
        whole = _with_all_columns(design, frame)
        _check_codes(design, whole)
        return cls(design, score(whole, design.instrument), least, coded)

    @cached_property
    def _by_round(self) -> dict[str, pl.DataFrame]:
        return {
            each.id: self.frame.filter(pl.col("round") == each.id).sort("participant")
            for each in self.design.rounds
        }

    def in_round(self, round_id: str) -> pl.DataFrame:
        """The rows of one round, sorted by participant."""
        return self._by_round[round_id]

    def asked(self, item: Item) -> bool:
        """Whether anybody was asked this question: its column came with the answers."""
        return item.id in self.frame.columns

    def asked_in(self, each: RoundDesign, *names: str) -> bool:
        """Whether the design asked these questions in a round, whoever answered them."""
        return each.asked is None or set(names) <= each.asked

    def is_held(self, records: Records) -> bool:
        """Whether a model may rest on a question in a round: at least the threshold answered it.

        Fewer are treated as nobody. The question stands in the report all the same, and withheld.
        """
        return int(records.counted.sum()) >= self.least

    def groups_asked(self, rounds: Sequence[RoundDesign]) -> int:
        """How many groups were asked, which everyone knows; 0 where the design has none.

        Where nobody counted it is how many answered anything. Which model is used follows from it:
        how many groups answered one question would tell that all of a group had skipped it.
        """
        if not self.design.has_groups:
            return 0
        known = {group.id for each in rounds for group in each.groups if group.handed_out > 0}
        ids = [each.id for each in rounds]
        here = self.frame.filter(pl.col("round").is_in(ids))["group"].n_unique()
        return max(here, len(known), *(each.known_groups or 0 for each in rounds))

    def people_asked(self, each: RoundDesign) -> int:
        """How many could answer a round, which everyone knows: slips handed out, or people invited.

        Where nobody counted it is how many answered anything.
        """
        handed = sum(group.handed_out for group in each.groups)
        return handed or each.invited or self.in_round(each.id).height

    def item_records(self, item: Item, each: RoundDesign) -> Records:
        """One question's answers in one round; codes outside the options count as no answer."""
        if ("item", item.id, each.id) not in self._known:
            options = self.design.instrument.response_set_of(item)
            codes = self.in_round(each.id)[item.id].cast(pl.Float64)
            values = codes.set(~codes.is_in([float(code) for code in options.codes]), None)
            variable = Variable(item.id, float(options.low), float(options.high))
            self._known["item", item.id, each.id] = self._records(variable, each, values)
        return self._known["item", item.id, each.id]

    def scale_records(self, scale: Scale, each: RoundDesign) -> Records:
        """One scale's scores in one round."""
        if ("scale", scale.id, each.id) not in self._known:
            values = self.in_round(each.id)[scale.id]
            records = self._records(self.scale_variable(scale), each, values)
            self._known["scale", scale.id, each.id] = records
        return self._known["scale", scale.id, each.id]

    @cached_property
    def _known(self) -> dict[tuple[str, str, str], Records]:
        """What was asked for before, by item or scale and by round: a large study holds it once."""
        return {}

    def scale_variable(self, scale: Scale) -> Variable:
        """A scale as a variable: its range, and the items it is the mean of."""
        instrument = self.design.instrument
        parts = tuple(Component(name, instrument.item(name).reversed) for name in scale.items)
        return Variable(scale.id, scale.low, scale.high, parts)

    def linked_records(self, scale: Scale, each: RoundDesign, people: frozenset[str]) -> Records:
        """A scale's scores in one round among some of the people only."""
        rows = self.in_round(each.id)
        inside = rows["participant"].cast(pl.String).is_in(list(people))
        values = rows[scale.id].set(~inside, None)
        return self._records(self.scale_variable(scale), each, values)

    def records_of(self, variable: Variable, each: RoundDesign, values: pl.Series) -> Records:
        """Any variable with one value per row of a round, in the order of `in_round`."""
        return self._records(variable, each, values)

    def _records(self, variable: Variable, each: RoundDesign, values: pl.Series) -> Records:
        numbers = values.cast(pl.Float64).fill_null(np.nan).to_numpy()
        roster = self._rosters[each.id]
        return Records.on(roster, variable, each.id, numbers, closed=each.is_closed)

    @cached_property
    def _rosters(self) -> dict[str, Roster]:
        """The people of each round, coded once for all that they were asked."""
        found = {}
        for each in self.design.rounds:
            rows = self.in_round(each.id)
            groups = rows["group"].cast(pl.String).to_list() if self.design.has_groups else None
            people = rows["participant"].cast(pl.String).to_list()
            found[each.id] = Roster.of(people, groups, rows["with_slip"].to_list())
        return found

    def scores(self, scale: Scale, round_id: str) -> Reals:
        """The scores of one scale in one round, NaN where there is none; sorted by participant."""
        return self.in_round(round_id)[scale.id].cast(pl.Float64).fill_null(np.nan).to_numpy()

    def turned_items(self, scale: Scale, round_id: str) -> Reals:
        """Item values (n, k) of a scale, reversed items turned, NaN for no answer."""
        instrument = self.design.instrument
        rows = self.in_round(round_id)
        columns = []
        for name in scale.items:
            item = instrument.item(name)
            options = instrument.response_set_of(item)
            codes = rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
            codes = np.where((codes >= options.low) & (codes <= options.high), codes, np.nan)
            columns.append(options.low + options.high - codes if item.reversed else codes)
        return np.column_stack(columns)

    def interval_of_share(self) -> Callable[[Flags, Labels], tuple[float, float]]:
        """The function that gives a published cell's interval; see `share_interval`."""
        return _clustered if self.design.has_groups else _independent


def _with_all_columns(design: Design, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `with_slip`, and an empty column for scale items nobody was asked."""
    missing = [
        pl.lit(None, dtype=pl.Int16).alias(name)
        for scale in design.instrument.scales
        for name in scale.items
        if name not in frame.columns
    ]
    if "with_slip" not in frame.columns:
        missing.append(pl.lit(True).alias("with_slip"))
    return frame.with_columns(missing)


def _check_codes(design: Design, frame: pl.DataFrame) -> None:
    for item in design.instrument.items:
        if item.id not in frame.columns or not item.is_closed or frame[item.id].dtype.is_nested():
            continue
        allowed = design.instrument.response_set_of(item).codes
        codes = frame[item.id].drop_nulls()
        if ((codes > 0) & ~codes.is_in(list(allowed))).any():
            raise DesignFault(f"{item.id} holds a code that is no option. Correct the answers.")


def _clustered(members: Flags, groups: Labels) -> tuple[float, float]:
    places = closed_up(groups)
    chosen = np.bincount(places, weights=members.astype(float))
    found = share_interval(chosen, np.bincount(places))[0]
    return found.low, found.high


def _independent(members: Flags, groups: Labels) -> tuple[float, float]:
    found = share_interval((float(members.sum()), float(groups.size)))[0]
    return found.low, found.high
