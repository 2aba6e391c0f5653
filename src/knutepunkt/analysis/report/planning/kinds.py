"""What part does a question play in the report?"""

from __future__ import annotations

from enum import StrEnum

from knutepunkt.analysis.instruments import Instrument
from knutepunkt.analysis.instruments.items import Item, ItemKind
from knutepunkt.analysis.instruments.scales import Scale, ScaleRole


class Part(StrEnum):
    """The parts, in the order of their importance when figures compete for what may be told."""

    PERCEIVED = "perceived"
    OUTCOME = "outcome"
    MECHANISM = "mechanism"
    OTHER = "other"
    HARM = "harm"
    BACKGROUND = "background"


_OF_ROLE = {
    ScaleRole.PERCEIVED_CHANGE: Part.PERCEIVED,
    ScaleRole.OUTCOME: Part.OUTCOME,
    ScaleRole.MECHANISM: Part.MECHANISM,
}


def scale_of(instrument: Instrument, item: Item) -> Scale | None:
    """The scale a question belongs to, if any; the first that names it."""
    return next((scale for scale in instrument.scales if item.id in scale.items), None)


def part_of(instrument: Instrument, item: Item) -> Part | None:
    """The part a question plays; None for what is no table of categories (text, numbers, lists)."""
    if item.kind not in (ItemKind.SCALE, ItemKind.SINGLE_CHOICE):
        return None
    if item.harm:
        return Part.HARM
    if item.background:
        return Part.BACKGROUND
    scale = scale_of(instrument, item)
    if scale is not None:
        return _OF_ROLE[scale.role]
    return Part.OTHER if item.kind is ItemKind.SCALE else Part.BACKGROUND


def items_of(instrument: Instrument, part: Part) -> tuple[Item, ...]:
    """The questions of one part, in the order they are asked."""
    return tuple(item for item in instrument.items_in_order if part_of(instrument, item) is part)


def is_measured(instrument: Instrument, scale: Scale) -> bool:
    """Whether a scale is one number as it was measured, rather than a mean of chosen answers."""
    first = instrument.item(scale.items[0])
    return len(scale.items) == 1 and first.kind is ItemKind.NUMBER


def table_of(instrument: Instrument, item: Item) -> str:
    """The id of the table a question stands in: one T4 per scale, T15 for harm, T3 for background."""
    part = part_of(instrument, item)
    if part is Part.HARM:
        return "T15"
    if part is Part.BACKGROUND:
        return "T3"
    scale = scale_of(instrument, item)
    return f"T4-{scale.id}" if scale is not None else "T4-other"
