"""What may somebody tell so that this answer and the next one can be laid side by side?

The card typed again, and, where the plan asks for it and the participant agrees, eight answers about
oneself. Harmless one by one; together they find a person again among those of one group. They are
sealed to the study at once, never hashed and kept, and opened only to link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST_CARD = 160
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ")
Options = tuple[tuple[str, str | Promise], ...]


def _plain(values: Sequence[str | int]) -> Options:
    return tuple((str(value), str(value)) for value in values)


@dataclass(frozen=True)
class Element:
    """One question about oneself, with everything that can be chosen."""

    question: str | Promise
    options: Options


ELEMENTS = (
    Element(_("First letter of the place where you started school"), _plain(LETTERS)),
    Element(_("Last letter of your first name"), _plain(LETTERS)),
    Element(_("The day of the month you were born"), _plain(range(1, 32))),
    Element(
        _("The month you were born"),
        tuple((str(number), name) for number, name in MONTHS.items()),
    ),
    Element(
        _("How many older brothers and sisters you have, or have had"),
        (*_plain(range(4)), ("4", _("4 or more"))),
    ),
    Element(
        _("Second letter of your family name when you started school"),
        _plain(LETTERS),
    ),
    Element(_("Your shoe size"), _plain(range(33, 51))),
    Element(
        _("Last figure of the house number where you lived when you started school"),
        _plain(range(10)),
    ),
)


@dataclass(frozen=True)
class Field:
    """One of the eight as it stands on the page."""

    name: str
    question: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class CardPage:
    """The page as it is shown.

    ``typed`` is the card as it was typed; ``seen`` the same where it could not be read and is shown
    for a second look; ``agrees`` whether the eight may be used.
    """

    asks_card: bool
    asks_about: bool
    typed: str
    seen: str
    agrees: bool
    fields: tuple[Field, ...]


def read_card(posted: Mapping[str, Any]) -> dict[str, Any]:
    """Read the page's fields: what is not among the options counts as not answered.

    Without consent nothing about oneself is kept, whatever was chosen.
    """
    typed = " ".join(str(posted.get("card", ""))[:LONGEST_CARD].split())
    agrees = posted.get("agrees") == "yes"
    about: list[str | None] = []
    for place, element in enumerate(ELEMENTS, start=1):
        given = str(posted.get(f"about-{place}", ""))
        is_option = any(given == value for value, _label in element.options)
        about.append(given if agrees and is_option else None)
    return {"typed": typed, "agrees": agrees, "about": about if agrees else []}


def card_page(
    card: Mapping[str, Any], *, asks_card: bool, asks_about: bool, seen: str = ""
) -> CardPage:
    """Return the page with what was told so far."""
    about = card.get("about") or [None] * len(ELEMENTS)
    fields = tuple(
        Field(
            f"about-{place}",
            str(element.question),
            tuple((value, str(label), value == chosen) for value, label in element.options),
        )
        for place, (element, chosen) in enumerate(zip(ELEMENTS, about, strict=True), start=1)
    )
    typed = str(card.get("typed", ""))
    return CardPage(asks_card, asks_about, typed, seen, bool(card.get("agrees")), fields)
