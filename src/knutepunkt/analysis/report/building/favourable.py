"""What share gave the favourable answer, as far as it was released?"""

from __future__ import annotations

from dataclasses import dataclass

from knutepunkt.analysis.disclosure import Released, Rung
from knutepunkt.analysis.instruments.items import Item
from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.report.building.material import Material, band_of, class_of, source
from knutepunkt.analysis.report.ladders import ladder_of, said_of, words_of
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.values import AtLeast, Band, Below, Number, Unit


@dataclass(frozen=True)
class Spoken:
    """The cell a sentence speaks about, in words, with what is known of its share.

    `said` tells what those in it lived through, where the questionnaire has words for that. `least`
    is the share in per cent it is known to reach; it only ranks and compares.
    """

    item: Item
    category: Texts
    said: Texts | None
    value: Number | Band | Below | AtLeast
    least: float


def spoken_of(material: Material, item: Item, place: Place) -> Spoken | None:
    """The favourable cell of a question (the harm, for harm); None where no share was released."""
    released = material.released(place)
    if released is None:
        return None
    codes = ladder_of(material.instrument, item).spoken
    category = words_of(material.instrument, item, codes)
    value = _value(place, released, codes)
    said = said_of(material.instrument, item, codes)
    return None if value is None else Spoken(item, category, said, value, _least(value))


def _value(
    place: Place, released: Released, codes: tuple[int, ...]
) -> Number | Band | Below | AtLeast | None:
    if released.rung is Rung.BAND and released.band is not None:
        return band_of(place, released.band)
    if released.rung is Rung.CLASS and released.count_class is not None:
        return class_of(place, released.count_class)
    if released.rung is not Rung.CATEGORIES:
        return None
    # Cells of every rung lie inside or outside the spoken cell, except a reversed item's middle.
    inside = [cell for cell in released.categories if set(cell.codes) <= set(codes)]
    if {code for cell in inside for code in cell.codes} != set(codes):
        return None
    percent = min(100.0, sum(cell.percent for cell in inside))
    return Number(percent, Unit.PERCENT, source(place, f"{place.subject} in {set(codes)}"))


def _least(value: Number | Band | Below | AtLeast) -> float:
    if isinstance(value, Number):
        return value.value
    if isinstance(value, Band):
        return value.percent if value.at_least else 0.0
    return 0.0
