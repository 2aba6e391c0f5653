"""Do the words of a text name somebody, a group or a place?

A list never holds every name, so the check errs on the side of refusing: a word with a capital
inside a sentence is taken for a name, and a number of two or more digits for an age, a date or a
telephone. What is left are words in small letters that only those who were there understand; for
those stand the two readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", re.UNICODE)
_NUMBER: Final = re.compile(r"\d{2,}|\d+\s*[./-]\s*\d+")
_ADDRESS: Final = re.compile(r"@|https?:|www\.", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"(?:^|[.!?:…]|\n)[\s\"“”«»'’()\-–—]*$")
NOT_NAMES: Final = frozenset({"i", "jeg", "eg", "i'm", "i've", "i'd", "i'll"})
"""Words some write with a capital wherever they stand."""
SHORTEST: Final = 3
"""Shorter pieces of a name ("på", "i", "De") are everybody's words."""
EVERYBODYS: Final = frozenset(
    (
        *(
            "gruppe",
            "gruppa",
            "grupper",
            "group",
            "groups",
            "open",
            "åpent",
            "ope",
            "tema",
            "theme",
        ),
        *("for", "med", "ved", "the", "and", "nett", "online", "livet", "life", "etter", "after"),
        *("tunge", "tider", "ulike", "ulik", "unge", "voksne", "vaksne", "langvarige", "hus"),
        *("huset", "house", "senter", "senteret", "centre", "center", "selvhjelp", "sjølvhjelp"),
        *("mestring", "meistring", "coping", "problem", "problemer"),
    )
)
"""Words of many groups' names that anybody writes; alone they name no group. What a group is about
(grief, anxiety) is not among them: where one group has the theme, the word names it."""


def words_of_names(names: Iterable[str]) -> frozenset[str]:
    """What is looked for in texts: every whole name, and every word of it that is not everybody's."""
    found: set[str] = set()
    for name in names:
        words = [word.casefold() for word in _WORD.findall(name)]
        if len(words) > 1:
            found.add(" ".join(words))
        found |= {word for word in words if len(word) >= SHORTEST and word not in EVERYBODYS}
        if len(words) == 1 and len(words[0]) >= SHORTEST:
            found.add(words[0])
    return frozenset(found)


def identifying_words(text: str, names: Iterable[str] = ()) -> tuple[str, ...]:
    """What in a text may name somebody, a group or a place, in the order it stands.

    `names` are words and word sequences in small letters, as `words_of_names` gives them. A name
    is found with an ending too ("Marits", "Nordfjorden").
    """
    found = [each.group(0) for each in (*_NUMBER.finditer(text), *_ADDRESS.finditer(text))]
    single = {name for name in names if " " not in name}
    words = list(_WORD.finditer(text))
    for word in words:
        plain = word.group(0).casefold()
        if _begins_with_a_name(plain, single) or _is_capital_inside(text, word):
            found.append(word.group(0))
    running = f" {' '.join(word.group(0).casefold() for word in words)} "
    found += [name for name in sorted(names) if " " in name and f" {name} " in running]
    return tuple(found)


def _begins_with_a_name(word: str, names: set[str]) -> bool:
    if word in names:
        return True
    endings = ("s", "'s", "’s", "en", "et", "a", "ens", "ets", "as")
    return any(word.endswith(end) and word[: -len(end)] in names for end in endings)


def _is_capital_inside(text: str, word: re.Match[str]) -> bool:
    written = word.group(0)
    if not written[0].isupper() or written.casefold() in NOT_NAMES:
        return False
    return _SENTENCE_END.search(text[: word.start()]) is None
