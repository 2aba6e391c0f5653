"""How is a number, a share, an interval or a date written in bokmål, nynorsk and English?"""

from __future__ import annotations

from datetime import date
from typing import Final

from knutepunkt.analysis.report.values import Band, Number, Quoted, Range, Unit

LANGUAGES: Final = ("nb", "nn", "en")
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"

_WORDS: Final = {
    "nb": ["to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"],
    "nn": ["to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"],
    "en": [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ],
}
_MONTHS: Final = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "nn": "januar februar mars april mai juni juli august september oktober november desember",
    "en": "January February March April May June July August September October November December",
}
_BETWEEN: Final = {
    "nb": "mellom {low} og {high} av 10",
    "nn": "mellom {low} og {high} av 10",
    "en": "between {low} and {high} in 10",
}
_ABOUT: Final = {"nb": "omtrent {n} av 10", "nn": "om lag {n} av 10", "en": "about {n} in 10"}
_EXACT: Final = {"nb": "{n} av 10", "nn": "{n} av 10", "en": "{n} in 10"}
_OF: Final = {"nb": "{n} av {parts}", "nn": "{n} av {parts}", "en": "{n} in {parts}"}
_FEW: Final = {"nb": "færre enn 1 av 10", "nn": "færre enn 1 av 10", "en": "fewer than 1 in 10"}
_NEARLY_ALL: Final = {
    "nb": "mer enn 9 av 10",
    "nn": "meir enn 9 av 10",
    "en": "more than 9 in 10",
}
_AT_LEAST: Final = {"nb": "minst {share}", "nn": "minst {share}", "en": "at least {share}"}
_AT_MOST: Final = {"nb": "høyst {share}", "nn": "høgst {share}", "en": "at most {share}"}
_RANGE: Final = {"nb": "{low} til {high}", "nn": "{low} til {high}", "en": "{low} to {high}"}
_QUOTED: Final = {"nb": "«{words}»", "nn": "«{words}»", "en": "“{words}”"}
_LANGUAGE_NAMES: Final = {
    "nb": {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk", "se": "nordsamisk"},
    "nn": {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk", "se": "nordsamisk"},
    "en": {"nb": "Bokmål", "nn": "Nynorsk", "en": "English", "se": "Northern Sámi"},
}


def decimal(value: float, decimals: int, language: str) -> str:
    """`value` with so many decimals, decimal comma in Norwegian, a real minus sign, no "−0"."""
    written = f"{abs(value):.{decimals}f}"
    negative = value < 0 and float(written) != 0
    if language != "en":
        written = written.replace(".", ",")
    return f"{MINUS if negative else ''}{written}"


def number(value: Number, language: str) -> str:
    """A number as it stands in a table: "85 %", "3,4", "110"."""
    written = decimal(value.value, value.decimals, language)
    if value.unit is Unit.PERCENT:
        return f"{written}%" if language == "en" else f"{written}{NO_BREAK}%"
    return written


def count_in_text(value: Number, language: str) -> str:
    """A count in running text: words from two to twelve, digits otherwise."""
    whole = int(value.value)
    if value.decimals == 0 and whole == value.value and 2 <= whole <= 12:
        return _WORDS[language][whole - 2]
    return number(value, language)


def interval(value: Range, language: str) -> str:
    """An interval: "70–90 %" for shares, "−0,1 til 0,4" where a minus sign could be misread."""
    low = decimal(value.low, value.decimals, language)
    high = decimal(value.high, value.decimals, language)
    if value.unit is Unit.PERCENT:
        sign = "%" if language == "en" else f"{NO_BREAK}%"
        return f"{low}–{high}{sign}"
    return _RANGE[language].format(low=low, high=high).replace(" ", NO_BREAK)


def tenths(percent: float) -> tuple[int, ...]:
    """The whole tenths a percentage is spoken of in: one when it is near, otherwise two.

    Within 2 points of a tenth, that tenth; otherwise the tenths on either side. Source: the
    house's rule to say shares in people first; no tenth is named that the figure does not bear.
    """
    nearest = round(percent / 10)
    if abs(percent - 10 * nearest) <= 2:
        return (nearest,)
    below = int(percent // 10)
    return (below, below + 1)


def share(percent: float, language: str) -> str:
    """A percentage said in people: "8 av 10", "omtrent 8 av 10", "mellom 8 og 9 av 10"."""
    found = tenths(percent)
    if percent < 8 and percent != 0:
        return _FEW[language]
    if percent > 92 and percent != 100:
        return _NEARLY_ALL[language]
    if len(found) == 2:
        return _BETWEEN[language].format(low=found[0], high=found[1])
    template = _EXACT if percent == 10 * found[0] else _ABOUT
    return template[language].format(n=found[0])


def band(value: Band, language: str) -> str:
    """A band said in people: "minst 8 av 10"."""
    template = _AT_LEAST if value.at_least else _AT_MOST
    # The cut points are whole tenths, and the twentieth at either end.
    parts = 10 if value.percent % 10 == 0 else 20
    count = round(value.percent * parts / 100)
    said = _OF[language].format(n=count, parts=parts)
    return template[language].format(share=said)


def day(value: date, language: str) -> str:
    """A date: "30. november 2026", "30 November 2026"."""
    month = _MONTHS[language].split()[value.month - 1]
    dot = "" if language == "en" else "."
    return f"{value.day}{dot}{NO_BREAK}{month} {value.year}"


def quotation(value: Quoted, language: str) -> str:
    """Somebody's words between the language's quotation marks, with their own language named.

    The words are never translated; where they are in another language than the report, it is said
    which.
    """
    told = _QUOTED[language].format(words=value.words.strip())
    named = _LANGUAGE_NAMES[language].get(value.language)
    return told if named is None or value.language == language else f"{told} ({named})"
