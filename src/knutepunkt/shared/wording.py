"""How are dates, times, numbers and lists said in a sentence of the reader's language?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language, gettext, pgettext

LARGEST_WORD = 12


def reader_language() -> str:
    """Return the code of the language the reader reads: "nb", "nn", "en"; bokmål where none is set."""
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


def _number_words() -> tuple[str, ...]:
    return (
        gettext("zero"),
        pgettext("number, common gender", "one"),
        gettext("two"),
        gettext("three"),
        gettext("four"),
        gettext("five"),
        gettext("six"),
        gettext("seven"),
        gettext("eight"),
        gettext("nine"),
        gettext("ten"),
        gettext("eleven"),
        gettext("twelve"),
    )


def _one(gender: str) -> str:
    if gender == "feminine":
        return pgettext("number, feminine", "one")
    if gender == "neuter":
        return pgettext("number, neuter", "one")
    return pgettext("number, common gender", "one")


def number_in_words(number: int, gender: str = "common") -> str:
    """Return words for zero to twelve and digits above, as running text wants them.

    ``gender`` ("common", "feminine", "neuter") matters for one only: én, éi, ett.
    Thousands are parted by a space that does not break.
    """
    if number == 1:
        return _one(gender)
    if 0 <= number <= LARGEST_WORD:
        return _number_words()[number]
    return f"{number:,}".replace(",", "\u00a0").replace("-", "−")


def date_in_words(day: dt.date) -> str:
    """Return "30. november 2026", in English "30 November 2026"; day and month stay on one line."""
    if isinstance(day, dt.datetime) and is_aware(day):
        day = localtime(day)
    pattern = "j F Y" if reader_language() == "en" else "j. F Y"
    return format_date(day, pattern).replace(" ", "\u00a0", 1)


def time_in_words(moment: dt.datetime | dt.time) -> str:
    """Return "kl. 18.30", in English "18:30"."""
    if isinstance(moment, dt.datetime) and is_aware(moment):
        moment = localtime(moment)
    if reader_language() == "en":
        return moment.strftime("%H:%M")
    return f"kl. {moment.strftime('%H.%M')}"


def list_in_words(parts: Sequence[object]) -> str:
    """Return "a, b og c": commas, and the language's word for "and" before the last."""
    words = [str(part) for part in parts]
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s and %(last)s") % {
        "first": ", ".join(words[:-1]),
        "last": words[-1],
    }
