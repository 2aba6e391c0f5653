"""Which codes may a text be given, and what do they mean?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from knutepunkt.analysis.instruments.texts import Texts

MOST_CODES = 30
LONGEST_NAME = 120
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,23}")


class CodebookFault(ValueError):
    """A codebook that cannot be used: `line` (from 1), `kind` and the `value` that is wrong."""

    def __init__(self, line: int, kind: str, value: str = "") -> None:
        super().__init__(f"line {line}: {kind} {value!r}")
        self.line, self.kind, self.value = line, kind, value


@dataclass(frozen=True)
class Code:
    """One code: a short id that stands in sheets, and its name in three languages."""

    id: str
    texts: Texts


@dataclass(frozen=True)
class Codebook:
    """The codes in the order they are shown and reported."""

    codes: tuple[Code, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the codes, in order."""
        return tuple(code.id for code in self.codes)

    def code(self, code_id: str) -> Code:
        """The code of this id; KeyError when there is none."""
        return {code.id: code for code in self.codes}[code_id]

    def as_lines(self) -> str:
        """The codebook as text, the way `read_codebook` reads it."""
        return "".join(
            f"{code.id}: {code.texts.nb} | {code.texts.nn} | {code.texts.en}\n"
            for code in self.codes
        )

    def as_json(self) -> list[dict[str, str]]:
        """The codebook as plain values."""
        return [
            {"id": code.id, "nb": code.texts.nb, "nn": code.texts.nn, "en": code.texts.en}
            for code in self.codes
        ]

    @classmethod
    def from_json(cls, stored: list[Mapping[str, Any]]) -> Codebook:
        """The codebook as it was before `as_json`."""
        return cls(
            tuple(
                Code(each["id"], Texts(nb=each["nb"], nn=each["nn"], en=each["en"]))
                for each in stored
            )
        )


def read_codebook(text: str) -> Codebook:
    """A codebook from lines: `id: bokmål | nynorsk | English`; one name alone serves all three.

    Empty lines and lines that begin with # are passed over. Raises `CodebookFault` with kind
    "no_name", "bad_id", "twice", "name_twice", "too_long", "names" (two or more than three), "empty" or
    "too_many".
    """
    codes: dict[str, Code] = {}
    names: set[str] = set()
    number = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        code = _code(number, line)
        if code.id in codes:
            raise CodebookFault(number, "twice", code.id)
        codes[code.id] = code
        names |= _names_of(code, number, names)
    if not codes:
        raise CodebookFault(max(1, number), "empty")
    if len(codes) > MOST_CODES:
        raise CodebookFault(number, "too_many", str(len(codes)))
    return Codebook(tuple(codes.values()))


def _names_of(code: Code, number: int, taken: set[str]) -> set[str]:
    """What a column of this code may be called; no two codes may be called the same."""
    texts = code.texts
    own = {name.casefold() for name in (code.id, texts.nb, texts.nn, texts.en)}
    if own & taken:
        raise CodebookFault(number, "name_twice", code.id)
    return own


def _code(number: int, line: str) -> Code:
    code_id, colon, names = line.partition(":")
    code_id = code_id.strip()
    if not colon or not names.strip():
        raise CodebookFault(number, "no_name", code_id[:40])
    if not _IDENTIFIER.fullmatch(code_id):
        raise CodebookFault(number, "bad_id", code_id[:40])
    parts = [part.strip() for part in names.split("|")]
    if len(parts) not in (1, 3) or not all(parts):
        raise CodebookFault(number, "names", code_id)
    if any(len(part) > LONGEST_NAME for part in parts):
        raise CodebookFault(number, "too_long", code_id)
    nb, nn, en = parts if len(parts) == 3 else (parts[0],) * 3
    return Code(code_id, Texts(nb=nb, nn=nn, en=en))


@cache
def shipped_codebook() -> Codebook:
    """The codebook that goes with the participant survey: a first proposal to work on."""
    folder = resources.files("knutepunkt.analysis.coding") / "codebooks"
    return read_codebook((folder / "participant_survey.txt").read_text(encoding="utf-8"))
