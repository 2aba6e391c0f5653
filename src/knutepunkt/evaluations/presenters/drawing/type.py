"""How wide is a text, and where does it break, before anything is drawn?"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib import resources

FAMILY = "'Source Sans 3', system-ui, sans-serif"
FALLBACK = 1.16  # a reader without Source Sans 3 sees a wider letter; nothing may run over
UNKNOWN_WIDTH = 560  # thousandths of an em, for a letter the table lacks


@cache
def _widths(weight: str) -> dict[str, int]:
    """Advance widths of Source Sans 3 in thousandths of an em, by letter."""
    source = resources.files("knutepunkt.evaluations.presenters.drawing") / "widths.json"
    grouped = json.loads(source.read_text(encoding="utf-8"))[weight]
    return {letter: int(width) for width, letters in grouped.items() for letter in letters}


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text in the units of `size`."""
    widths = _widths("semibold" if bold else "regular")
    drawn = size * sum(widths.get(letter, UNKNOWN_WIDTH) for letter in text) / 1000
    return drawn * FALLBACK


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """The text broken into lines no wider than `width`; a longer word stands alone."""
    lines: list[str] = []
    for word in text.split(" "):
        candidate = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(candidate, size, bold=bold) <= width:
            lines[-1] = candidate
        else:
            lines.append(word)
    return lines
