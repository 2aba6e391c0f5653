"""How do released shares become diverging bars, one line per question (F3)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knutepunkt.analysis.disclosure import Released
from knutepunkt.analysis.instruments.items import Item
from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.report.building.favourable import Spoken, spoken_of
from knutepunkt.analysis.report.building.material import (
    WITHHELD,
    Material,
    answers_behind,
    band_of,
    class_of,
    share_of,
)
from knutepunkt.analysis.report.ladders import ladder_of, tone_of, words_of
from knutepunkt.analysis.report.planning.kinds import table_of
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Figure, FigureKind, Line, Mark
from knutepunkt.analysis.report.values import (
    Below,
    Number,
    Sentence,
    Source,
    Unit,
    Value,
    Verbatim,
    Withheld,
)


def last_place(material: Material, item: Item) -> Place | None:
    """The place of a question in the last round, or None when it was not planned."""
    return material.place(
        table_of(material.instrument, item), f"{item.id}@{material.design.last.id}"
    )


def bars(
    material: Material, figure: str, table: str, items: Sequence[Item], name: Texts | Sentence
) -> Figure | None:
    """The bars of some questions in the last round; None when none of them was planned.

    `name` is what the questions are called together, for the title where no count can be made.
    """
    found = [(item, last_place(material, item)) for item in items]
    asked = [(item, place) for item, place in found if place is not None]
    if not asked:
        return None
    lines = tuple(_line(material, item, place) for item, place in asked)
    is_harm = asked[0][0].harm
    title = Sentence("figure.harm") if is_harm else _title(material, asked, name)
    return Figure(
        figure,
        FigureKind.DIVERGING,
        title,
        lines,
        table,
        (Sentence("figure.alt_kind_diverging"), *_alternative(lines), _behind(table)),
        legend=_legend(lines),
    )


def _line(material: Material, item: Item, place: Place) -> Line:
    released = material.released(place)
    n = answers_behind(place, released)
    note = Sentence("figure.n", {"n": n}) if isinstance(n, Number) else None
    marks = _marks(material, item, place, released)
    if not item.reversed:
        return Line(item.id, item.texts, marks, note)
    # On a question put the other way round the favourable answer is named, in the bar as well.
    favourable = words_of(material.instrument, item, ladder_of(material.instrument, item).spoken)
    label = Sentence("figure.turned", {"item": item.texts, "category": favourable})
    named = tuple(replace(mark, named=True) for mark in marks)
    return Line(item.id, label, named, note)


def _marks(
    material: Material, item: Item, place: Place, released: Released | None
) -> tuple[Mark, ...]:
    instrument = material.instrument
    if released is not None and released.band is not None:
        codes = released.band.codes
        words, value = words_of(instrument, item, codes), band_of(place, released.band)
        return (Mark("band", words, value, tone=tone_of(instrument, item, codes)),)
    if released is not None and released.count_class is not None:
        codes = released.count_class.codes
        words, found = words_of(instrument, item, codes), class_of(place, released.count_class)
        return (Mark("class", words, found, tone=tone_of(instrument, item, codes)),)
    if released is None or not released.categories:
        return (Mark("withheld", Verbatim(""), WITHHELD),)
    marks = [
        Mark(
            "-".join(map(str, cell.codes)),
            words_of(instrument, item, cell.codes),
            share_of(place, cell),
            tone=tone_of(instrument, item, cell.codes),
        )
        for cell in released.categories
    ]
    return tuple(sorted(marks, key=lambda mark: mark.tone))


def _legend(lines: Sequence[Line]) -> tuple[Mark, ...]:
    """Every category that is drawn, once, from the least to the most favourable."""
    seen: dict[tuple[int, str], Mark] = {}
    for line in lines:
        for mark in line.marks:
            if mark.named:
                continue
            if isinstance(mark.label, Texts) and not isinstance(mark.value, Withheld | Below):
                seen.setdefault((mark.tone, mark.label.nb), mark)
    return tuple(seen[key] for key in sorted(seen))


def _title(
    material: Material, asked: Sequence[tuple[Item, Place]], name: Texts | Sentence
) -> Sentence:
    """The sentence above the bars: on how many questions at least half answered favourably."""
    spoken = [spoken_of(material, item, place) for item, place in asked]
    known = [each for each in spoken if each is not None]
    most = [each for each in known if each.least >= 50]
    if len(known) < len(asked) or not most:
        return Sentence("figure.answers_to", {"name": name})
    return _counted(known, most, name)


def _counted(known: Sequence[Spoken], most: Sequence[Spoken], name: Texts | Sentence) -> Sentence:
    rule = Source("count of the lines with at least half")
    many = Number(len(most), Unit.COUNT, rule)
    every = Number(len(known), Unit.COUNT, rule)
    one_word = len({each.category.nb for each in known}) == 1
    if not one_word:
        message = "scale_favourable_all" if len(most) == len(known) else "scale_favourable"
        counts = {} if message == "scale_favourable_all" else {"many": many, "all": every}
        return Sentence(f"figure.{message}", {"name": name, **counts})
    category: dict[str, Value] = {"category": known[0].category}
    if len(known) == 1:
        return Sentence("figure.only_most", category)
    category = {"name": name, **category}
    if len(most) == len(known):
        return Sentence("figure.scale_all_most", category)
    if len(most) == 1:
        return Sentence("figure.scale_most_one", {"all": every, **category})
    return Sentence("figure.scale_most", {"many": many, "all": every, **category})


def _alternative(lines: Sequence[Line]) -> tuple[Sentence, ...]:
    told: list[Sentence] = []
    for line in lines:
        for mark in line.marks:
            if isinstance(mark.value, Withheld):
                told.append(Sentence("figure.alt_withheld", {"line": line.label}))
            else:
                words = {"line": line.label, "label": mark.label, "value": mark.value}
                told.append(Sentence("figure.alt_mark", words))
    return tuple(told)


def _behind(table: str) -> Sentence:
    return Sentence("figure.alt_table", {"table": Verbatim(table)})
