"""Which words let a participant take an answer back, and what is kept of them?

Seven words of a list of 1024 that bokmål and nynorsk share: 64 random bits and 6 bits of check.
What is kept until the close is a slow digest bound to the round; the words cannot be had from it.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
import unicodedata
from importlib import resources

WORDS_IN_RECEIPT = 7
ENTROPY_BITS = 64
CHECK_BITS = 6
WORD_BITS = 10
#: 2**12 rounds on top of 64 random bits: 2**76 steps to search; 1.5 ms for us.
ITERATIONS = 4096
DIGEST_BYTES = 32


@functools.cache
def word_list() -> tuple[str, ...]:
    """Return the 1024 words, in order."""
    text = resources.files("knutepunkt.responses").joinpath("words.txt").read_text("utf-8")
    return tuple(text.split())


def new_words() -> tuple[str, ...]:
    """Return the words of a fresh receipt."""
    return words_of(secrets.token_bytes(ENTROPY_BITS // 8))


def words_of(entropy: bytes) -> tuple[str, ...]:
    """Return the words that stand for these eight bytes."""
    if len(entropy) * 8 != ENTROPY_BITS:
        raise ValueError("a receipt rests on exactly eight random bytes")
    number = int.from_bytes(entropy, "big") << CHECK_BITS | _check(entropy)
    words = word_list()
    return tuple(
        words[number >> WORD_BITS * place & (1 << WORD_BITS) - 1]
        for place in reversed(range(WORDS_IN_RECEIPT))
    )


def read_words(text: str) -> tuple[str, ...] | None:
    """Return the words a person meant, or None where they cannot be a receipt.

    Capitals, commas, hyphens and extra spaces do not matter, nor does a keyboard without æ, ø and å
    (aa, oe and plain a, o, e will do). One wrong letter in a word is put right where only one word
    of the list is that near.
    """
    tokens = "".join(c if c.isalpha() else " " for c in text).split()
    if len(tokens) != WORDS_IN_RECEIPT:
        return None
    found = tuple(word for token in tokens if (word := _nearest(plain(token))) is not None)
    if len(found) != WORDS_IN_RECEIPT:
        return None
    return found if _is_checked(found) else None


def near_words(text: str) -> tuple[str, ...]:
    """Return the words of a card as far as they can be read, also where one is wrong or missing.

    Enough to find a card again among those of one study; never enough to take an answer back.
    """
    tokens = "".join(c if c.isalpha() else " " for c in text).split()
    return tuple(_nearest(plain(token)) or token.lower() for token in tokens)


def plain(word: str) -> str:
    """Return the word as any keyboard can type it."""
    letters = word.lower().replace("ø", "o").replace("æ", "e").replace("å", "a")
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c)
    )
    return bare.replace("aa", "a").replace("ae", "e").replace("oe", "o")


def receipt_digest(words: tuple[str, ...], salt: bytes) -> bytes:
    """Return the slow digest of a receipt, bound to a round by its salt (PBKDF2-HMAC-SHA256)."""
    text = " ".join(plain(word) for word in words).encode("ascii")
    return hashlib.pbkdf2_hmac("sha256", text, salt, ITERATIONS, DIGEST_BYTES)


def _check(entropy: bytes) -> int:
    return hashlib.sha256(entropy).digest()[0] >> (8 - CHECK_BITS)


def _is_checked(words: tuple[str, ...]) -> bool:
    number = 0
    for word in words:
        number = number << WORD_BITS | word_list().index(word)
    entropy = (number >> CHECK_BITS).to_bytes(ENTROPY_BITS // 8, "big")
    return number & (1 << CHECK_BITS) - 1 == _check(entropy)


@functools.cache
def _by_plain() -> dict[str, str]:
    return {plain(word): word for word in word_list()}


def _nearest(token: str) -> str | None:
    known = _by_plain()
    if token in known:
        return known[token]
    near = [word for spelling, word in known.items() if _one_apart(token, spelling)]
    return near[0] if len(near) == 1 else None


def _one_apart(a: str, b: str) -> bool:
    """Say whether one letter changed, added, dropped or two neighbours exchanged turns a into b."""
    if abs(len(a) - len(b)) > 1:
        return False
    at = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    if len(a) == len(b):
        swapped = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
        return swapped or a[at + 1 :] == b[at + 1 :]
    return a[at:] == b[at + 1 :] if len(a) < len(b) else a[at + 1 :] == b[at:]
