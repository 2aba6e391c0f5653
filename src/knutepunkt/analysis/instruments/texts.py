"""In which languages does a piece of an instrument exist, and which one is shown?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

REQUIRED_LANGUAGES = ("nb", "nn", "en")
#: Languages with a field of their own in `Texts`.
NAMED_LANGUAGES = (*REQUIRED_LANGUAGES, "se")


@dataclass(frozen=True)
class Wording:
    """The wording in a language beside those every instrument has; `language` is its ISO code."""

    language: str
    text: str


@dataclass(frozen=True)
class Texts:
    """One wording in bokmål, nynorsk and English, and in further languages where they are made.

    Northern Sámi ("se") has a field of its own; `more` holds any other language. Each language is
    written, not converted; an empty wording is a fault the instrument reports.
    """

    nb: str
    nn: str
    en: str
    se: str = ""
    more: tuple[Wording, ...] = ()

    def in_language(self, language: str) -> str:
        """The wording in `language` ("nb", "nn", "en", "se", ...; "nb-no" counts as "nb").

        A language without a wording falls back to bokmål, the one an instrument always has.
        """
        return self.written_in(language.lower().replace("_", "-").split("-")[0]) or self.nb

    def written_in(self, code: str) -> str:
        """The wording in exactly this language, or "" where there is none."""
        if code in NAMED_LANGUAGES:
            return str(getattr(self, code))
        return next((each.text for each in self.more if each.language == code), "")

    def with_wording(self, code: str, text: str) -> Texts:
        """The same with this wording in a further language."""
        if code in NAMED_LANGUAGES:
            changed: dict[str, Any] = {code: text}
            return replace(self, **changed)
        others = [each for each in self.more if each.language != code]
        return replace(
            self, more=tuple(sorted([*others, Wording(code, text)], key=lambda each: each.language))
        )

    @property
    def languages(self) -> frozenset[str]:
        """The languages in which there is a wording."""
        named = {code for code in NAMED_LANGUAGES if getattr(self, code).strip()}
        return frozenset(named | {each.language for each in self.more if each.text.strip()})

    @property
    def missing(self) -> tuple[str, ...]:
        """The required languages in which there is no wording."""
        return tuple(code for code in REQUIRED_LANGUAGES if not getattr(self, code).strip())
