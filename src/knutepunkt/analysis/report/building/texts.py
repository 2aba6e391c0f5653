"""How do open answers become a table of numbers by code (T13) and one of numbers and words (T14)?"""

from __future__ import annotations

from knutepunkt.analysis.disclosure import Released
from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    WITHHELD,
    Material,
    answers_behind,
    band_of,
    interval_of,
    not_shown,
    number_of,
    range_of,
    share_of,
    source,
)
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.planning.texts import NUMBERS, SAID, WORDS
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import (
    NOTHING,
    Band,
    Number,
    Quoted,
    Sentence,
    Unit,
    Value,
    Withheld,
)

TABLE_OF_CODERS = "T13-coders"
CODERS = (
    *("agreement", "agreement_interval", "kappa", "kappa_interval"),
    *("ac1", "ac1_interval"),
)
#: Krippendorff (2019), ch. 12: from .800 to be relied on, from .667 for tentative conclusions.
RELIABLE, TENTATIVE = 0.80, 0.67


def code_table(material: Material) -> Table | None:
    """T13: per theme how many said it, and how far the coders agree; None where nothing was coded."""
    places = sorted(material.plan.places(NUMBERS), key=lambda place: _order(material, place))
    if not places:
        return None
    rounds = len({place.rounds for place in places}) > 1
    names = ["theme", *(["round"] if rounds else []), "answers", "share", "interval"]
    two = material.design.coders > 1
    names += ["agreement", "agreement_interval", "agreement_said"] if two else []
    rows = tuple(_row(material, place, rounds=rounds, two=two) for place in places)
    banded = any(isinstance(cell, Band) for row in rows for cell in row.cells)
    notes = [Sentence("note.codes"), Sentence(f"note.coders_{'two' if two else 'one'}")]
    notes += [Sentence("withheld.band")] if banded else []
    notes += not_shown(rows)
    return Table(NUMBERS, Sentence("table.T13"), columns(*names), rows, tuple(notes))


def _order(material: Material, place: Place) -> tuple[int, int]:
    rounds = [each.id for each in material.design.rounds]
    assert material.design.codebook is not None
    return material.design.codebook.ids.index(place.subject), rounds.index(place.rounds[0])


def _row(material: Material, place: Place, *, rounds: bool, two: bool) -> Row:
    released = material.released(place)
    share, interval = _share(place, released)
    cells: list[Value] = [_theme(material, place)]
    if rounds:
        cells.append(material.design.round(place.rounds[0]).label)
    cells += [answers_behind(place, released), share, interval]
    return Row(place.cell, (*cells, *(_agreement(place, released) if two else ())))


def _theme(material: Material, place: Place) -> Texts:
    assert material.design.codebook is not None
    return material.design.codebook.code(place.subject).texts


def _share(place: Place, released: Released | None) -> tuple[Value, Value]:
    """The share who said it and its interval; a band has none."""
    if released is None:
        return WITHHELD, NOTHING
    if released.band is not None:
        return band_of(place, released.band), NOTHING
    said = next((cell for cell in released.categories if cell.codes == SAID), None)
    if said is None:
        return WITHHELD, NOTHING
    return share_of(place, said), interval_of(place, said)


def _agreement(place: Place, released: Released | None) -> tuple[Value, Value, Value]:
    """Alpha, its interval and what it means in words; told only beside a share that is told."""
    if released is None or not released.categories:
        return WITHHELD, NOTHING, NOTHING
    alpha = number_of(place, released, "agreement", unit=Unit.RELIABILITY, decimals=2)
    if not isinstance(alpha, Number):
        return WITHHELD, NOTHING, NOTHING
    interval = range_of(
        place, released, ("agreement_low", "agreement_high"), unit=Unit.RELIABILITY, decimals=2
    )
    return alpha, interval, _said_of(alpha.value)


def coder_table(material: Material) -> Table | None:
    """T13-coders: the same agreement by the coefficients others report; None with one coder."""
    places = sorted(material.plan.places(NUMBERS), key=lambda place: _order(material, place))
    if not places or material.design.coders < 2:
        return None
    rounds = len({place.rounds for place in places}) > 1
    names = ["theme", *(["round"] if rounds else []), *CODERS]
    rows = tuple(Row(place.cell, _coders(material, place, rounds=rounds)) for place in places)
    notes = (Sentence("note.coefficients"), *not_shown(rows))
    return Table(TABLE_OF_CODERS, Sentence("table.T13_coders"), columns(*names), rows, notes)


def _coders(material: Material, place: Place, *, rounds: bool) -> tuple[Value, ...]:
    """The coefficients, told where T13 tells alpha."""
    released = material.released(place)
    is_told = isinstance(_agreement(place, released)[0], Number)
    cells: list[Value] = [_theme(material, place)]
    if rounds:
        cells.append(material.design.round(place.rounds[0]).label)
    for name in ("agreement", "kappa", "ac1"):
        value = number_of(place, released, name, unit=Unit.RELIABILITY, decimals=2)
        ends = (f"{name}_low", f"{name}_high")
        interval = range_of(place, released, ends, unit=Unit.RELIABILITY, decimals=2)
        cells += [value, interval] if is_told else [WITHHELD, NOTHING]
    return tuple(cells)


def _said_of(alpha: float) -> Sentence:
    if alpha >= RELIABLE:
        return Sentence("value.agreement_good")
    return Sentence(f"value.agreement_{'fair' if alpha >= TENTATIVE else 'poor'}")


def joint_table(material: Material) -> Table | None:
    """T14: each theme whose number is told, beside up to two quotations; None where none is."""
    rows = [row for place in material.plan.places(WORDS) for row in _joint_rows(material, place)]
    if not rows:
        return None
    names = ("theme", "theme_share", "quotation")
    notes = (Sentence("note.quotations"),)
    return Table(WORDS, Sentence("table.T14"), columns(*names), tuple(rows), notes)


def _joint_rows(material: Material, place: Place) -> list[Row]:
    number = material.place(NUMBERS, place.cell)
    if number is None:
        return []
    share, _ = _share(number, material.released(number))
    if isinstance(share, Withheld):
        return []
    released = material.released(place)
    told = released.quotations if released is not None else ()
    where = source(place, f"{place.subject}.words")
    words: list[Value] = [Quoted(each.words, each.language, where) for each in told]
    theme = _theme(material, place)
    return [
        Row(f"{place.cell}#{at}", (theme, share, each))
        for at, each in enumerate(words or [Sentence("value.no_quotation")], start=1)
    ]
