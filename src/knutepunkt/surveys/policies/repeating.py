"""Does a question of the centre's own ask again what the survey asks already?

Whoever answers one of two questions that read the same, and skips the other, stands in the difference
between the two tables. The gate compares tables of one question; that two are the same in other
words it cannot know, so they are kept from being asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from knutepunkt.analysis.instruments import PARTICIPANT_SURVEY, Texts, read_catalogue

REPEATED = _(
    "This is asked already. Whoever answers one of two equal questions could be found in the "
    "difference. Ask about something else."
)


def plain(text: str) -> str:
    """A question as it is compared: letters and digits alone, without capitals."""
    return "".join(re.findall(r"\w", text.casefold()))


def repeats(question: Sequence[str], others: Iterable[Sequence[str]]) -> bool:
    """Say whether a question, in its languages, reads as one of the others in any language."""
    words = {plain(text) for text in question} - {""}
    return any(words & {plain(text) for text in other} for other in others)


def in_languages(texts: Texts) -> tuple[str, ...]:
    """A text in the languages a centre writes its questions in."""
    return (texts.nb, texts.nn, texts.en)


def asked_texts() -> list[tuple[str, ...]]:
    """What the survey asks already."""
    return [in_languages(item.texts) for item in read_catalogue()[PARTICIPANT_SURVEY].items]
