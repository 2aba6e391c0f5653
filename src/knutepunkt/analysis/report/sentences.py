"""How does a message of the catalogue become a sentence in bokmål, nynorsk or English?

A template holds `{name}`, or `{name:form}` with one of the forms of `FORMS`. Templates stand in
`catalogue/*.toml`, one table per message with the keys nb, nn and en; `reviewed` marks a sentence
that holds a causal word and was read by a person: it denies a cause, or it reports what people said.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.report import wording
from knutepunkt.analysis.report.values import (
    AtLeast,
    Band,
    Below,
    Day,
    NotMade,
    Number,
    Quoted,
    Range,
    Sentence,
    Unit,
    Value,
    Verbatim,
    Withheld,
)

WITHHELD: Final = Sentence("withheld.sentence")


@dataclass(frozen=True)
class Template:
    """One message in three languages."""

    id: str
    nb: str
    nn: str
    en: str
    reviewed: str = ""

    def in_language(self, language: str) -> str:
        """The wording in "nb", "nn" or "en"."""
        return str(getattr(self, language))

    @property
    def parameters(self) -> dict[str, frozenset[str]]:
        """The names each language fills in."""
        found = {}
        for language in wording.LANGUAGES:
            fields = string.Formatter().parse(self.in_language(language))
            found[language] = frozenset(name for _, name, _, _ in fields if name)
        return found


class UnknownMessage(KeyError):
    """The catalogue has no message of this id."""


@cache
def catalogue() -> dict[str, Template]:
    """Every message by id. Two files may not define the same id."""
    found: dict[str, Template] = {}
    folder = resources.files("knutepunkt.analysis.report") / "catalogue"
    files = (each for each in folder.iterdir() if each.name.endswith(".toml"))
    for source in sorted(files, key=lambda each: each.name):
        for area, messages in tomllib.loads(source.read_text(encoding="utf-8")).items():
            for name, texts in messages.items():
                key = f"{area}.{name}"
                if key in found:
                    raise ValueError(f"{key} is defined twice")
                found[key] = Template(id=key, **texts)
    return found


def template(message: str) -> Template:
    """The template of a message; `UnknownMessage` when there is none."""
    try:
        return catalogue()[message]
    except KeyError:
        raise UnknownMessage(message) from None


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _as_share(value: Value, language: str) -> str:
    if isinstance(value, Number) and value.unit is Unit.PERCENT:
        return wording.share(value.value, language)
    return spoken(value, language)


def _as_lower(value: Value, language: str) -> str:
    return _lower_first(spoken(value, language))


FORMS: Final[dict[str, Callable[[Value, str], str]]] = {
    "": lambda value, language: spoken(value, language),
    "share": _as_share,
    "lower": _as_lower,
    "table": lambda value, language: cell(value, language),
}


def spoken(value: Value, language: str) -> str:
    """A value inside a sentence: small counts in words, bands and shares in people."""
    if isinstance(value, Number) and value.unit is Unit.COUNT:
        return wording.count_in_text(value, language)
    if isinstance(value, Below | AtLeast):
        return _class(value, "value.{}", language)
    if isinstance(value, Band):
        return wording.band(value, language)
    return cell(value, language)


def cell(value: Value, language: str) -> str:
    """A value in a table's cell."""
    if isinstance(value, Number):
        return wording.number(value, language)
    if isinstance(value, Range):
        return wording.interval(value, language)
    if isinstance(value, Band):
        return wording.band(value, language)
    return _words(value, language)


def _words(value: Value, language: str) -> str:
    if isinstance(value, Below | AtLeast):
        return _class(value, "value.{}_digits", language)
    if isinstance(value, Withheld):
        return template("value.withheld").in_language(language)
    if isinstance(value, NotMade):
        return template("value.not_made").in_language(language)
    return _text(value, language)


def _class(value: Below | AtLeast, message: str, language: str) -> str:
    count = Number(value.threshold, Unit.COUNT, value.source)
    name = "below" if isinstance(value, Below) else "at_least"
    return fill_inside(Sentence(message.format(name), {"threshold": count}), language)


def _text(value: Value, language: str) -> str:
    if isinstance(value, Sentence):
        return fill(value, language)
    if isinstance(value, Texts):
        return value.in_language(language)
    if isinstance(value, Day):
        return wording.day(value.value, language)
    if isinstance(value, Verbatim):
        return value.value
    if isinstance(value, Quoted):
        return wording.quotation(value, language)
    raise TypeError(f"no words for {type(value).__name__}")


class _Filler(string.Formatter):
    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Value, format_spec: str) -> str:
        return FORMS[format_spec](value, self.language)


def fill(sentence: Sentence, language: str) -> str:
    """The sentence in one language, its first letter a capital."""
    text = template(sentence.message).in_language(language)
    filled = _Filler(language).vformat(text, (), dict(sentence.parameters))
    return filled[:1].upper() + filled[1:]


def fill_inside(sentence: Sentence, language: str) -> str:
    """As `fill`, but with the first letter as the catalogue has it: for use inside a sentence."""
    text = template(sentence.message).in_language(language)
    return _Filler(language).vformat(text, (), dict(sentence.parameters))
