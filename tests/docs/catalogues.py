"""What do the translations say, room by room?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src" / "knutepunkt"
#: A name that is filled in: %(name)s, {name}, %s, or an element of markup.
FILLED_IN = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]|<[^>]+>|&\w+;")
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Said:
    """One text in one language, with its English source."""

    room: str
    language: str
    source: str
    text: str

    @property
    def words(self) -> list[str]:
        """The words a reader sees, in lower case."""
        return [word.lower() for word in WORD.findall(FILLED_IN.sub(" ", self.text))]


def entries(language: str, source: Path = SOURCE) -> Iterator[tuple[str, polib.POEntry]]:
    """Yield room and entry for everything translated to the language."""
    for path in sorted(source.rglob(f"locale/{language}/LC_MESSAGES/*.po")):
        room = path.relative_to(source).parts[0]
        for entry in polib.pofile(str(path)):
            if not entry.obsolete:
                yield room, entry


def said(language: str, source: Path = SOURCE) -> Iterator[Said]:
    """Yield every text in the language; singular and plural are two."""
    for room, entry in entries(language, source):
        texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        for text in texts:
            yield Said(room, language, entry.msgid, text)


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    """Return what tells one entry from another."""
    return entry.msgctxt, entry.msgid


def blank(text: str) -> str:
    """Return the text with every filled-in name written as {}, to compare wordings."""
    return " ".join(re.sub(r"%\(\w+\)[sd]|\{\w*\}", "{}", text).split())
