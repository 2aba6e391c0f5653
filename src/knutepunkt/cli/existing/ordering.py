"""In which order do rounds, and the words of an answer scale, stand where their names tell?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

#: Rounds by name, in order of time; words on one line mean the same place.
_TIMES: tuple[tuple[str, ...], ...] = (
    ("før", "pre", "before", "start", "baseline", "førmåling", "førmåling 1", "ved start"),
    ("underveis", "undervegs", "during", "midt", "mid", "midtveis", "midtvegs"),
    ("etter", "post", "after", "slutt", "end", "ettermåling", "ved slutt"),
    ("oppfølging", "oppfølgjing", "follow-up", "followup", "follow up"),
)
#: Answer scales from the least to the most, bokmål, nynorsk and English side by side.
_SCALES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (
        ("helt uenig", "heilt ueinig", "svært uenig", "svært ueinig", "strongly disagree"),
        ("uenig", "ueinig", "ganske uenig", "ganske ueinig", "disagree"),
        ("litt uenig", "litt ueinig", "delvis uenig", "delvis ueinig", "somewhat disagree"),
        (
            "verken eller",
            "verken enig eller uenig",
            "korkje eller",
            "korkje einig eller ueinig",
            "nøytral",
            "neither agree nor disagree",
            "neither",
            "neutral",
        ),
        ("litt enig", "litt einig", "delvis enig", "delvis einig", "somewhat agree"),
        ("enig", "einig", "ganske enig", "ganske einig", "agree"),
        ("helt enig", "heilt einig", "svært enig", "svært einig", "strongly agree"),
    ),
    (
        ("aldri", "never"),
        ("svært sjelden", "svært sjeldan", "very rarely"),
        ("sjelden", "sjeldan", "rarely", "seldom"),
        ("av og til", "noen ganger", "nokre gonger", "iblant", "sometimes"),
        ("ofte", "often"),
        ("svært ofte", "very often"),
        ("alltid", "always"),
    ),
    (
        ("ikke i det hele tatt", "ikkje i det heile", "ingen", "ingen nytte", "not at all", "none"),
        ("litt", "liten", "liten nytte", "lita nytte", "a little", "little"),
        ("noe", "noko", "noe nytte", "noko nytte", "en del", "ein del", "some", "somewhat"),
        ("ganske mye", "ganske mykje", "quite a bit", "quite a lot"),
        ("mye", "mykje", "stor", "stor nytte", "much", "a lot"),
        ("svært mye", "svært mykje", "svært stor", "svært stor nytte", "very much"),
    ),
    (
        ("svært dårlig", "svært dårleg", "very poor", "very bad"),
        ("dårlig", "dårleg", "poor", "bad"),
        ("middels", "verken bra eller dårlig", "fair", "average"),
        ("god", "godt", "bra", "good"),
        ("svært god", "svært godt", "svært bra", "very good"),
    ),
    (
        ("svært misfornøyd", "very dissatisfied"),
        ("misfornøyd", "dissatisfied"),
        ("verken eller", "korkje eller", "neither"),
        ("fornøyd", "nøgd", "satisfied"),
        ("svært fornøyd", "svært nøgd", "very satisfied"),
    ),
    (("nei", "no"), ("delvis", "til dels", "partly"), ("ja", "yes")),
)
_NUMBERED = re.compile(r"^(?P<before>\D*?)\s*(?P<number>\d+(?:[.,]\d+)?)(?P<after>\D*)$")


def rounds_in_time(names: Iterable[str]) -> tuple[str, ...] | None:
    """Put rounds in order of time, or return None where their names do not tell.

    Names tell when there is one of them, when they differ in a number alone ("t1", "t10";
    "2004"; "2. runde"), when they are dates as ISO 8601 writes them, or when they are words for
    before, during, after and follow-up.
    """
    given = tuple(names)
    if len(given) < 2:
        return given
    places = [_place(_TIMES, name) for name in given]
    if None not in places and len(set(places)) == len(given):
        return _sorted_by(given, [place for place in places if place is not None])
    if all(re.fullmatch(r"\d{4}-\d{2}(-\d{2}.*)?", name) for name in given):
        return tuple(sorted(given))
    numbers = _numbers(given)
    return None if numbers is None else _sorted_by(given, numbers)


def options_in_order(words: Iterable[str]) -> tuple[str, ...] | None:
    """Put the words of an answer scale from the least to the most, or return None.

    None means that the words are no scale known here, and whoever knows must put them in order.
    """
    given = tuple(words)
    for scale in _SCALES:
        places = [_place(scale, word) for word in given]
        if None not in places and len(set(places)) == len(given):
            return _sorted_by(given, [place for place in places if place is not None])
    return None


def _place(rows: Sequence[Sequence[str]], word: str) -> int | None:
    plain = word.strip().casefold()
    return next((place for place, same in enumerate(rows) if plain in same), None)


def _numbers(names: Sequence[str]) -> list[float] | None:
    """The numbers in names that are otherwise alike; None where they are not."""
    try:
        return [float(name) for name in names]
    except ValueError:
        found = [_NUMBERED.match(name.strip()) for name in names]
    around = {(match["before"].casefold(), match["after"].casefold()) for match in found if match}
    if None in found or len(around) != 1:
        return None
    return [float(match["number"].replace(",", ".")) for match in found if match]


def _sorted_by(names: Sequence[str], places: Sequence[float]) -> tuple[str, ...]:
    return tuple(name for _, name in sorted(zip(places, names, strict=True)))
