"""How do released shares become a table (T3, T4, T15) and its diverging bars (F3)?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from knutepunkt.analysis.disclosure import Released, Rung
from knutepunkt.analysis.instruments.items import Item
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    WITHHELD,
    Material,
    answers_behind,
    band_of,
    class_of,
    interval_of,
    share_of,
)
from knutepunkt.analysis.report.ladders import words_of
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.sentences import WITHHELD as WITHHELD_SENTENCE
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import (
    NOTHING,
    Number,
    Sentence,
    Source,
    Unit,
    Value,
)


def share_table(material: Material, table: str, caption: Sentence) -> Table | None:
    """All rows of one table of shares; None when nothing of it was planned."""
    places = sorted(material.plan.places(table), key=lambda place: _order(material, place))
    if not places:
        return None
    rounds = not material.design.is_single
    names = ["question", *(["round"] if rounds else []), "answers", "category", "share", "interval"]
    rows = [row for place in places for row in _rows(material, place, rounds=rounds)]
    released = [material.released(place) for place in places]
    return Table(
        table,
        caption,
        columns(*names),
        tuple(rows),
        notes_on(material, places, released),
    )


def _order(material: Material, place: Place) -> tuple[int, int]:
    items = [item.id for item in material.instrument.items_in_order]
    rounds = [each.id for each in material.design.rounds]
    return items.index(place.subject), rounds.index(place.rounds[0])


def _rows(material: Material, place: Place, *, rounds: bool) -> list[Row]:
    item = material.instrument.item(place.subject)
    released = material.released(place)
    lead: list[Value] = [item.texts]
    if rounds:
        lead.append(material.design.round(place.rounds[0]).label)
    lead.append(answers_behind(place, released))
    return [
        Row(f"{place.cell}#{key}", (*lead, category, share, interval))
        for key, category, share, interval in _cells(material, item, place, released)
    ]


def _cells(
    material: Material, item: Item, place: Place, released: Released | None
) -> list[tuple[str, Value, Value, Value]]:
    return cells_of(place, released, lambda codes: words_of(material.instrument, item, codes))


def cells_of(
    place: Place, released: Released | None, words: Callable[[tuple[int, ...]], Value]
) -> list[tuple[str, Value, Value, Value]]:
    """Key, category, share and interval of every line of a released figure of shares."""
    if released is None or released.rung in (Rung.ONLY_N, Rung.WITHHELD):
        return [("all", NOTHING, WITHHELD, NOTHING)]
    if released.band is not None:
        return [("band", words(released.band.codes), band_of(place, released.band), NOTHING)]
    if released.count_class is not None:
        found = released.count_class
        return [("class", words(found.codes), class_of(place, found), NOTHING)]
    return [
        (
            "-".join(map(str, cell.codes)),
            words(cell.codes),
            share_of(place, cell),
            interval_of(place, cell),
        )
        for cell in released.categories
    ]


def notes_on(
    material: Material, places: Sequence[Place], released: Sequence[Released | None]
) -> tuple[Sentence, ...]:
    """What a reader of the table must know: merges, bands, classes, and what is not shown."""
    notes: list[Sentence] = []
    merged = _merged_into(material, places, released)
    if merged:
        notes.append(Sentence(f"withheld.{_merge_message(merged)}"))
    if any(each and each.band for each in released):
        notes.append(Sentence("withheld.band"))
    below = next((each.count_class for each in released if each and each.count_class), None)
    if below is not None and below.fewer_than is not None:
        notes.append(below_note(below.fewer_than))
    if any(each is None or each.rung is Rung.ONLY_N for each in released):
        notes.append(WITHHELD_SENTENCE)
    return tuple(notes)


def below_note(threshold: int) -> Sentence:
    """What "fewer than t" means."""
    rule = Source("policy.threshold")
    return Sentence(
        "difficult.below",
        {
            "threshold": Number(threshold, Unit.COUNT, rule),
            "most": Number(threshold - 1, Unit.COUNT, rule),
        },
    )


def _merged_into(
    material: Material, places: Sequence[Place], released: Sequence[Released | None]
) -> set[int]:
    found = set()
    for place, each in zip(places, released, strict=True):
        if each is None or not each.categories:
            continue
        options = material.instrument.response_set_of(material.instrument.item(place.subject))
        if len(each.categories) < len(options.codes):
            found.add(len(each.categories))
    return found


def _merge_message(merged: set[int]) -> str:
    if merged == {2}:
        return "merged_two"
    return "merged_three" if merged == {3} else "merged_some"
