"""What is the code on a slip made of, and how is it recognised without being stored?"""

from __future__ import annotations

import hashlib
import hmac

from knutepunkt.responses.keys import slip_key
from knutepunkt.shared.ids import READABLE, readable_code

#: Eight random characters of 28 are 38 bits: with 15,000 slips open at once, one guess in 25 million
#: hits one. The ninth is a check, so that a slip of the finger is told from an unknown code.
RANDOM_CHARACTERS = 8
LENGTH = RANDOM_CHARACTERS + 1
GROUPED_BY = 3
_BASE = len(READABLE)


def check_character(body: str) -> str:
    """Return the check character of ISO 7064's hybrid system (MOD 29,28): 28 + 1 is a prime.

    Finds every single wrong character and nearly every exchange of two neighbours.
    """
    position = _BASE
    for character in body:
        total = (position + READABLE.index(character)) % _BASE or _BASE
        position = total * 2 % (_BASE + 1)
    return READABLE[(_BASE + 1 - position) % _BASE]


def new_code() -> str:
    """Return a fresh code as printed: ``K7M-4PX-9AC``."""
    body = readable_code(RANDOM_CHARACTERS)
    return printed(body + check_character(body))


def printed(code: str) -> str:
    """Return the code in groups of three, as it stands on the slip."""
    return "-".join(code[at : at + GROUPED_BY] for at in range(0, len(code), GROUPED_BY))


def typed(text: str) -> str | None:
    """Return the bare code a person meant, or None where it cannot be one.

    Small letters, spaces and hyphens do not matter.
    """
    bare = "".join(character for character in text.upper() if character.isalnum())
    if len(bare) != LENGTH or any(character not in READABLE for character in bare):
        return None
    return bare if check_character(bare[:-1]) == bare[-1] else None


def code_digest(code: str) -> bytes:
    """Return what the vault keeps of a bare code: an HMAC under a key outside the database."""
    return hmac.new(slip_key(), code.encode("ascii"), hashlib.sha256).digest()
