"""Which merge ladder belongs to a question, and which words belong to each of its cells?"""

from __future__ import annotations

from functools import cache

from knutepunkt.analysis.disclosure.ladder import Cell, Ladder, Partition
from knutepunkt.analysis.instruments import Instrument
from knutepunkt.analysis.instruments.items import Item
from knutepunkt.analysis.instruments.response_sets import MergedCategory, ResponseSet
from knutepunkt.analysis.instruments.texts import Texts

_OR = Texts(nb=" eller ", nn=" eller ", en=" or ")


@cache
def _readings(options: ResponseSet) -> tuple[tuple[MergedCategory, ...], ...]:
    """All readings of a response set, finest first, ending in two categories.

    Options marked `always_merged` never stand alone, so a reading that shows one is left out. Where
    an instrument names no coarser readings, those of an ordered set follow the fixed ladder 5 -> 3
    -> 2, and an unordered set ends in "the first option" against the rest.
    """
    lone = {option.code for option in options.options if option.always_merged}
    named = [
        reading
        for reading in options.ladder()
        if not any(len(part.codes) == 1 and part.codes[0] in lone for part in reading)
    ]
    if not named or len(named[-1]) != 2:
        named = [*named, *_fixed_steps(options, after=len(named[-1]) if named else 99)]
    return tuple(named)


def _fixed_steps(options: ResponseSet, *, after: int) -> list[tuple[MergedCategory, ...]]:
    if options.ordered and len(options.codes) > 2:
        steps = Ladder.ordinal(options.codes).partitions
    else:
        steps = ((options.codes[1:], options.codes[:1]),)
    return [
        tuple(MergedCategory(cell, _joined(options, cell)) for cell in step)
        for step in steps
        if len(step) < after
    ]


def _joined(options: ResponseSet, codes: Cell) -> Texts:
    """The words of several options with "or" between them; a long run names its two ends."""
    texts = [options.option(code).texts for code in codes]
    chosen = texts if len(texts) <= 2 else [texts[0], texts[-1]]

    def said(language: str) -> str:
        joint = _OR.in_language(language) if len(texts) <= 2 else " – "
        return joint.join(text.in_language(language) for text in chosen)

    return Texts(nb=said("nb"), nn=said("nn"), en=said("en"))


def ladder_of(instrument: Instrument, item: Item) -> Ladder:
    """The ladder of a question. The last cell of the last step is what a band speaks about.

    That is the favourable side, or the harm itself; for a reversed item it is the low end.
    """
    steps: list[Partition] = [
        tuple(part.codes for part in reading)
        for reading in _readings(instrument.response_set_of(item))
    ]
    if item.reversed:
        steps[-1] = tuple(reversed(steps[-1]))
    return Ladder(tuple(steps))


def words_of(instrument: Instrument, item: Item, codes: Cell) -> Texts:
    """The words for a cell of a question's ladder."""
    options = instrument.response_set_of(item)
    wanted = set(codes)
    for reading in _readings(options):
        for part in reading:
            if set(part.codes) == wanted:
                return part.texts
    return _joined(options, codes)


def said_of(instrument: Instrument, item: Item, codes: Cell) -> Texts | None:
    """What those in a cell did or lived through, where the questionnaire says it."""
    readings = _readings(instrument.response_set_of(item))
    found = (part.said for reading in readings for part in reading if part.codes == codes)
    return next((said for said in found if said is not None), None)


def tone_of(instrument: Instrument, item: Item, codes: Cell) -> int:
    """Where a cell lies from least (-2) to most favourable (2); 0 for unordered questions."""
    options = instrument.response_set_of(item)
    if not options.ordered or len(options.codes) < 2:
        return 0
    places = [options.codes.index(code) for code in codes]
    middle = (len(options.codes) - 1) / 2
    position = (sum(places) / len(places) - middle) / middle
    if item.reversed or item.harm:
        position = -position
    return _step(position)


def _step(position: float) -> int:
    if abs(position) < 0.2:
        return 0
    size = 2 if abs(position) > 0.6 else 1
    return size if position > 0 else -size
