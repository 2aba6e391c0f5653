"""In which order do names stand in a list: as a Norwegian or a Northern Sámi reader looks them up?

Databases sort by code points: Å before Æ before Ø, and Áhkká after Østre. One order serves both
languages: the letters of Northern Sámi stand after the plain letter they come from, and æ, ø and å
end the alphabet, as they do in Norwegian. Aa in a name is an å, as it is in directories.
"""

from __future__ import annotations

import unicodedata

#: Northern Sámi and Norwegian together; letters of other languages stand with their plain letter.
ALPHABET = "aábcčdđefghijklmnŋopqrsštŧuvwxyzžæøå"
_PLACE = {letter: place for place, letter in enumerate(ALPHABET)}
_ALSO = {"ä": "æ", "ö": "ø", "ð": "đ", "ü": "y", "þ": "t"}


def in_order(text: str) -> tuple[tuple[int, int], ...]:
    """Return the key that sorts names; capitals, hyphens and doubled spaces do not matter."""
    lowered = unicodedata.normalize("NFC", text).casefold().replace("aa", "å")
    return tuple(_place(_ALSO.get(letter, letter)) for letter in lowered if _counts(letter))


def _counts(letter: str) -> bool:
    return letter.isalnum() or letter == " "


def _place(letter: str) -> tuple[int, int]:
    """Return digits and spaces first, then letters in alphabetical order, then everything else."""
    if letter == " ":
        return 0, 0
    if letter.isdigit():
        return 1, unicodedata.digit(letter, 0)
    if letter in _PLACE:
        return 2, _PLACE[letter]
    plain = unicodedata.normalize("NFD", letter)[0]
    return (2, _PLACE[plain]) if plain in _PLACE else (3, ord(letter))
