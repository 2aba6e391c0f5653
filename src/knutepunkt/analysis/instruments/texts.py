"""In which languages does a piece of an instrument exist, and which one is shown?"""

from __future__ import annotations

from dataclasses import dataclass

REQUIRED_LANGUAGES = ("nb", "nn", "en")


@dataclass(frozen=True)
class Texts:
    """One wording in bokmål, nynorsk and English, and in Northern Sámi where it has been made.

    Each language is written, not converted; an empty wording is a fault the instrument reports.
    """

    nb: str
    nn: str
    en: str
    se: str = ""

    def in_language(self, language: str) -> str:
        """The wording in `language` ("nb", "nn", "en", "se"; "nb-no" counts as "nb").

        A language without a wording falls back to bokmål, the one an instrument always has.
        """
        code = language.lower().replace("_", "-").split("-")[0]
        return getattr(self, code, "") or self.nb if code in ("nb", "nn", "en", "se") else self.nb

    @property
    def missing(self) -> tuple[str, ...]:
        """The required languages in which there is no wording."""
        return tuple(code for code in REQUIRED_LANGUAGES if not getattr(self, code).strip())
