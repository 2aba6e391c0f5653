"""How does the shipped survey read in easy words: one idea on a line, eight words or fewer?

Easy words are another wording of the same questions, chosen on the first page like a language. Its
code is that of the language with a private part ("nb-x-lett"), so that everything around the
questions is in the language itself. The questionnaire, its hash and its answers stay the same; the
sealed answer says in which words it was given.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from knutepunkt.analysis.instruments import Instrument, Texts

LANGUAGES = ("nb", "nn", "en")
_EASY = "-x-lett"
_FILE = Path(__file__).with_suffix(".toml")


def said(texts: Texts, language: str) -> str:
    """Return the wording in a language; in easy words where the language asks for them."""
    if is_easy(language):
        texts = _wordings().get(texts.nb, texts)
    return texts.in_language(language)


def is_easy(language: str) -> bool:
    """Say whether this code asks for easy words."""
    return language.endswith(_EASY)


def easy(language: str) -> str:
    """Return the code that asks for easy words in this language."""
    return f"{plain(language)}{_EASY}"


def plain(language: str) -> str:
    """Return the language itself."""
    return language.removesuffix(_EASY)


def easy_languages(instrument: Instrument) -> tuple[str, ...]:
    """Return the codes this questionnaire can be read in; none where it has no easy words."""
    has_easy = any(item.texts.nb in _wordings() for item in instrument.items)
    return tuple(map(easy, LANGUAGES)) if has_easy else ()


@cache
def _wordings() -> dict[str, Texts]:
    """Return the easy wordings by the bokmål wording each stands in for."""
    read = tomllib.loads(_FILE.read_text("utf-8"))["wording"]
    return {each["instead_of"]: Texts(each["nb"], each["nn"], each["en"]) for each in read}
