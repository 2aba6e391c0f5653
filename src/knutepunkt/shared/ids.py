"""How do things get names that say nothing about order or people?"""

from __future__ import annotations

import secrets
import uuid

#: Letters and digits nobody confuses when read aloud or by weak eyes: no 0 O 1 I L U V W-like pairs.
READABLE = "23456789ABCDEFGHJKMNPQRSTXYZ"


def random_id() -> uuid.UUID:
    """Return a random identifier; unlike a counter it does not keep the order of arrival."""
    return uuid.uuid4()


def readable_code(length: int, alphabet: str = READABLE) -> str:
    """Return ``length`` random characters from the readable alphabet."""
    return "".join(secrets.choice(alphabet) for _ in range(length))
