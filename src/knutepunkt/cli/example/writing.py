"""What do the example's participants write in their own words, and what do its coders make of it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from knutepunkt.analysis.coding import CodedText, OpenText

#: Share who write something under each open question, and who say yes to being quoted.
WRITES = {"FRI1": 0.65, "FRI2": 0.4, "FRI3": 0.2}
CONSENTS = 0.5
#: How often the second coder sees a theme the first did not, or the other way round.
DIFFERS = 0.04


@dataclass(frozen=True)
class Written:
    """One text in three languages, how often it is written, and what it is about."""

    nb: str
    nn: str
    en: str
    codes: frozenset[str]
    weight: int = 1

    def in_language(self, language: str) -> str:
        """The text as somebody who answers in the language writes it."""
        return {"nb": self.nb, "nn": self.nn}.get(language, self.en)


def _written(codes: str, nb: str, nn: str, en: str, weight: int = 1) -> Written:
    return Written(nb, nn, en, frozenset(codes.split()), weight)


TEXTS: dict[str, tuple[Written, ...]] = {
    "FRI1": (
        _written(
            "not_alone",
            "At jeg ikke er alene lenger.",
            "At eg ikkje er åleine lenger.",
            "That I am not alone any more.",
            3,
        ),
        _written(
            "not_alone recognition",
            "Å høre at andre også ligger våkne om natta. Da ble det litt mindre ensomt.",
            "Å høyre at andre òg ligg vakne om natta. Då vart det litt mindre einsamt.",
            "Hearing that others lie awake at night too. It got a little less lonely.",
            3,
        ),
        _written(
            "recognition",
            "De andre satte ord på noe jeg har gått med i årevis.",
            "Dei andre sette ord på noko eg har gått med i årevis.",
            "The others put words to something I have carried for years.",
            3,
        ),
        _written(
            "honesty",
            "Jeg kan si det som det er uten å måtte passe på de andre.",
            "Eg kan seie det som det er utan å måtte passe på dei andre.",
            "I can say it as it is without looking after everyone else.",
            2,
        ),
        _written(
            "honesty calm",
            "Roen. Ingen som skal fikse meg.",
            "Roa. Ingen som skal fikse meg.",
            "The calm. Nobody who wants to fix me.",
        ),
        _written(
            "calm",
            "Latteren, faktisk. Vi ler mye.",
            "Latteren, faktisk. Vi ler mykje.",
            "The laughter, really. We laugh a lot.",
        ),
        _written(
            "new_ways",
            "Jeg har begynt å gå en tur før jeg svarer når noen maser.",
            "Eg har byrja å gå ein tur før eg svarar når nokon masar.",
            "I have started going for a walk before I answer when somebody nags.",
        ),
    ),
    "FRI2": (
        _written(
            "hard_start",
            "De første gangene var vanskelige. Jeg turte nesten ikke å si noe.",
            "Dei første gongene var vanskelege. Eg torde nesten ikkje å seie noko.",
            "The first times were hard. I hardly dared to say anything.",
            2,
        ),
        _written(
            "time",
            "Av og til ble det lite tid til hver.",
            "Av og til vart det lita tid til kvar.",
            "At times there was little time for each of us.",
            3,
        ),
        _written(
            "time",
            "Møtene kunne vært litt kortere.",
            "Møta kunne vore litt kortare.",
            "The meetings could have been a little shorter.",
        ),
    ),
    "FRI3": (
        _written(
            "next_time",
            "Spør om hva vi gjør mellom møtene.",
            "Spør om kva vi gjer mellom møta.",
            "Ask what we do between the meetings.",
        ),
        _written(
            "next_time",
            "Spør om hvordan vi tar imot nye.",
            "Spør om korleis vi tek imot nye.",
            "Ask how we welcome new people.",
        ),
    ),
}
_ABOUT = {
    words: each.codes
    for texts in TEXTS.values()
    for each in texts
    for words in (each.nb, each.nn, each.en)
}


def writes(item: str, language: str, rng: np.random.Generator) -> dict[str, object] | None:
    """What one participant writes under a question, and whether it may be quoted; None for nothing."""
    draws = rng.random(3)
    if item not in TEXTS or draws[0] > WRITES[item]:
        return None
    texts = TEXTS[item]
    shares = np.cumsum([each.weight for each in texts])
    chosen = texts[int(np.searchsorted(shares, draws[1] * shares[-1], side="right"))]
    return {"text": chosen.in_language(language), "may_quote": bool(draws[2] < CONSENTS)}


def coded_by(texts: Iterable[OpenText], coder: int) -> dict[str, CodedText]:
    """What a coder says of each text; the second now and then sees something else than the first."""
    rng = np.random.default_rng(coder)
    coding = {}
    for text in texts:
        about = _ABOUT.get(text.words, frozenset())
        turned = rng.random() < DIFFERS * coder
        codes = about ^ {"calm"} if turned else about
        coding[text.id] = CodedText(codes, identifies=False, fit=text.may_quote)
    return coding
