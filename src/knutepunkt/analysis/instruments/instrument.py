"""What is a questionnaire, as one immutable version that can be stored, hashed and read back?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from knutepunkt.analysis.instruments.items import Item, Part
from knutepunkt.analysis.instruments.notation import plain, read_instrument
from knutepunkt.analysis.instruments.own_questions import OwnQuestion, own_part, written_as_items
from knutepunkt.analysis.instruments.problems import InstrumentRefused, Problem
from knutepunkt.analysis.instruments.response_sets import ResponseSet
from knutepunkt.analysis.instruments.rules import faults
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.instruments.skip_rules import SkipRule, visible_items
from knutepunkt.analysis.instruments.texts import Texts

OWN_MARK = "+own"
"""What the version of an instrument ends in where a centre has added questions of its own."""


@dataclass(frozen=True)
class Instrument:
    """A questionnaire as data. Changing anything gives another version with another hash.

    `based_on` is the hash of the version this one was made from, where there is one.
    """

    id: str
    version: str
    title: Texts
    intro: Texts
    licence: str
    source: str
    parts: tuple[Part, ...]
    items: tuple[Item, ...]
    response_sets: tuple[ResponseSet, ...]
    scales: tuple[Scale, ...] = ()
    skip_rules: tuple[SkipRule, ...] = ()
    based_on: str | None = None

    def __hash__(self) -> int:
        # Used as a key for what is compiled once per version; the deep default is slow.
        return int(self.hash[:15], 16)

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of the canonical JSON: sorted keys, no spaces, defaults left out."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self, *, indent: int | None = None) -> str:
        """The instrument as JSON; without `indent` the canonical form that is hashed."""
        separators = (",", ":") if indent is None else None
        return json.dumps(
            plain(self),
            ensure_ascii=False,
            sort_keys=indent is None,
            separators=separators,
            indent=indent,
        )

    @classmethod
    def from_json(cls, source: str | bytes) -> Instrument:
        """Read and check an instrument.

        Raises `InstrumentRefused` with every problem found: path, what is wrong, remedy.
        """
        instrument = read_instrument(source, cls)
        instrument.check()
        return instrument

    def check(self) -> None:
        """Raise `InstrumentRefused` with all faults, or return when there are none."""
        problems = faults(self)
        if problems:
            raise InstrumentRefused(problems)

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _response_sets(self) -> dict[str, ResponseSet]:
        return {each.id: each for each in self.response_sets}

    def item(self, item_id: str) -> Item:
        """The item with this id; KeyError when there is none."""
        return self._items[item_id]

    def response_set_of(self, item: Item) -> ResponseSet:
        """The answers that can be chosen for a closed item; KeyError for the other kinds."""
        return self._response_sets[item.response_set or ""]

    def scale(self, scale_id: str) -> Scale:
        """The scale with this id; KeyError when there is none."""
        return {scale.id: scale for scale in self.scales}[scale_id]

    def items_in(self, part_id: str) -> tuple[Item, ...]:
        """The items of one part in the order they are shown."""
        return tuple(item for item in self.items if item.part == part_id)

    def part_asks_about_harm(self, part_id: str) -> bool:
        """Whether help lines belong before this part."""
        return any(item.harm for item in self.items_in(part_id))

    @property
    def plain_version(self) -> str:
        """The version as people read it, without the mark of questions a centre added."""
        return self.version.removesuffix(OWN_MARK)

    @property
    def harm_items(self) -> tuple[Item, ...]:
        """The closed items about harm: always reported one by one, never summed."""
        return tuple(item for item in self.items if item.harm and item.is_closed)

    @property
    def items_in_order(self) -> tuple[Item, ...]:
        """All items in the order they are shown: part by part, then as listed."""
        return tuple(item for part in self.parts for item in self.items_in(part.id))

    def visible_items(self, answers: Mapping[str, Any]) -> tuple[str, ...]:
        """Ids of the items to show when `answers` (item id to value) have been given so far."""
        order = (item.id for item in self.items_in_order)
        return visible_items(order, self.skip_rules, answers)

    def without_hidden(self, answers: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The answers to visible items, and the ids of those that were taken out."""
        visible = set(self.visible_items(answers))
        kept = {item: value for item, value in answers.items() if item in visible}
        return kept, tuple(item for item in answers if item not in visible)

    def with_own_questions(self, questions: Sequence[OwnQuestion]) -> Instrument:
        """A new version with up to five questions of the centre's own, before the last part.

        Raises `InstrumentRefused` when there are none, more than five, or one is unfit.
        """
        if any(item.own for item in self.items):
            raise InstrumentRefused(
                [
                    Problem(
                        "items",
                        "This version already has own questions.",
                        "Start from the version without them.",
                    )
                ]
            )
        items, response_sets = written_as_items(questions)
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        instrument = Instrument(
            **fields
            | {
                "version": f"{self.version}{OWN_MARK}",
                "parts": (*self.parts[:-1], own_part(), *self.parts[-1:]),
                "items": (*self.items, *items),
                "response_sets": (*self.response_sets, *response_sets),
                "based_on": self.hash,
            }
        )
        instrument.check()
        return instrument
