"""How is somebody who answers for the second time asked for the card, and, with consent, about oneself?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from knutepunkt.surveys.actions.answering import Standing, is_card
from knutepunkt.surveys.forms.answering import Visit
from knutepunkt.surveys.forms.card import CardPage, card_page, read_card
from knutepunkt.surveys.queries.answering import AskedRound


def has_card_page(standing: Standing, asked: AskedRound) -> bool:
    """Say whether the visit has such a page: the round asks, and the vault has a key for it."""
    return asked.has_card_page and bool(standing.card_recipient)


def last_page(standing: Standing, asked: AskedRound) -> int:
    """Return the number of the last page before the summary."""
    return len(asked.instrument.parts) + int(has_card_page(standing, asked))


def is_card_page(standing: Standing, asked: AskedRound, page: str) -> bool:
    """Say whether this is the page of the card."""
    return has_card_page(standing, asked) and page == str(last_page(standing, asked))


def with_card(visit: Visit, request: HttpRequest) -> tuple[Visit, str]:
    """Return the visit with what was posted, and the card where it needs a second look.

    Words that are no card are shown once more; sent again as they are, they are kept: five right
    words of seven still find their answer.
    """
    card = read_card(request.POST)
    typed = str(card["typed"])
    is_doubtful = bool(typed) and not is_card(typed) and request.POST.get("seen", "") != typed
    return visit.with_card(card), typed if is_doubtful else ""


def shown_card(asked: AskedRound, visit: Visit, seen: str = "") -> CardPage:
    """Return the page as this visit sees it."""
    return card_page(
        visit.card, asks_card=asked.number > 1, asks_about=asked.asks_about_oneself, seen=seen
    )


def card_line(standing: Standing, asked: AskedRound, visit: Visit) -> dict[str, Any]:
    """Return what the summary says of the card, where there is one."""
    if not has_card_page(standing, asked):
        return {}
    has_told = bool(visit.card.get("typed")) or any(visit.card.get("about") or ())
    return {"card_number": last_page(standing, asked), "has_card": has_told}
