"""What may somebody tell so that this answer and the next one can be laid side by side?

The card typed again, and, where the plan asks for it and the participant agrees, eight answers about
oneself. Harmless one by one; together they find a person again among those of one group. They are
sealed to the study at once, never hashed and kept, and opened only to link.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knutepunkt.surveys.vocabulary import ELEMENTS

LONGEST_CARD = 160


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
