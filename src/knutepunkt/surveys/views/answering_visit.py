"""What does a participant see between the slip's code and the thanks?

There is no session: each page carries the slip and the visit's sealed state in hidden fields.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from knutepunkt.surveys.actions import answering as actions
from knutepunkt.surveys.actions.answering import Standing
from knutepunkt.surveys.forms import answering as forms
from knutepunkt.surveys.forms.answering import Reading, Visit
from knutepunkt.surveys.policies import answering as refusals
from knutepunkt.surveys.presenters.answering import page_of, summary_of
from knutepunkt.surveys.presenters.answering_script import definition_of
from knutepunkt.surveys.queries.answering import AskedRound
from knutepunkt.surveys.views import answering_card as cards
from knutepunkt.surveys.views import answering_endings as ends
from knutepunkt.surveys.views import answering_pages as pages

_PART = re.compile(r"part-(\d{1,2})")
#: Pages of a visit beside the numbered parts, as the hidden field "page" names them.
ALL, ABOUT, SUMMARY = "alt", "about", "summary"
#: Buttons that need the visit's state.
TURNS = ("next", "back", "send")


def visited(
    request: HttpRequest, standing: Standing, asked: AskedRound, *, is_typed: bool
) -> HttpResponse:
    """Show the page that was asked for; ``is_typed``: the slip's code stands in no address."""
    if ends.is_sealed(request):
        return ends.take_sealed(request, standing, asked)
    go = request.POST.get("go")
    # Once a slip is used, nobody who goes back in the browser sees what was answered with it; the
    # same visit sent again is still thanked again.
    if standing.is_used and go != "send":
        return ends.used(asked)
    wants_all = go == ALL or (go is None and request.GET.get("vis") == ALL)
    if request.method == "POST" and (
        "state" in request.POST or go in TURNS or _PART.match(go or "")
    ):
        return _turn_page(request, standing, asked)
    if go == "start":
        return _questions(standing, asked, forms.new_visit(), "1")
    if wants_all:
        fields = _fields(standing, forms.new_visit())
        return pages.show_blank(asked, ALL, "whole", lambda: _whole(standing, asked), fields)
    return pages.show_blank(
        asked,
        f"{ABOUT} typed" if is_typed else ABOUT,
        "about",
        lambda: {"asked": asked, "is_typed": is_typed, **pages.about(asked)},
        {"slip": standing.code},
    )


def _turn_page(request: HttpRequest, standing: Standing, asked: AskedRound) -> HttpResponse:
    """Read what was answered on a page, and show the page that was asked for."""
    visit = forms.open_visit(
        request.POST.get("state", ""), round_ref=standing.round_ref, code=standing.code
    )
    if visit is None:
        sentence = _("We could not read what this page sent. Open the slip's address again.")
        return pages.show(
            "sentence", {"asked": asked, "sentence": sentence, "again": True}, status=422
        )
    page = request.POST.get("page", "")
    item_ids = _items_on(asked, page)
    reading = forms.read_items(asked.instrument, item_ids, dict(request.POST.lists()))
    visit = visit.with_answers(forms.merged(asked.instrument, visit.answers, item_ids, reading))
    if reading.faults:
        return _questions(standing, asked, visit, page, reading)
    where = request.POST.get("go", "")
    if cards.is_card_page(standing, asked, page) or (page == ALL and asked.has_card_page):
        visit, doubtful = cards.with_card(visit, request)
        if doubtful and where == "next":
            return _card(standing, asked, visit, seen=doubtful)
    if where == "send":
        return _send(standing, asked, visit)
    last = cards.last_page(standing, asked)
    return _show_page(standing, asked, visit, _page_after(where, page, last))


def _items_on(asked: AskedRound, page: str) -> list[str]:
    """Return the items a page holds: those of one part, all, or none."""
    instrument = asked.instrument
    if page == ALL:
        return [item.id for item in instrument.items]
    if page.isdecimal() and 1 <= int(page[:3]) <= len(instrument.parts):
        return [item.id for item in instrument.items_in(instrument.parts[int(page) - 1].id)]
    return []


def _page_after(where: str, page: str, last: int) -> str:
    """Return the page that the pressed button leads to."""
    chosen = _PART.fullmatch(where)
    here = int(page) if page.isdecimal() and len(page) < 3 else None
    if chosen:
        number = int(chosen[1])
    elif where == "next":
        number = last + 1 if here is None else here + 1
    elif where == "back":
        number = last if here is None else here - 1
    else:  # another language: the same page
        return page
    if number < 1:
        return ABOUT
    return str(number) if number <= last else SUMMARY


def _show_page(standing: Standing, asked: AskedRound, visit: Visit, page: str) -> HttpResponse:
    if page == ABOUT:
        about = {"asked": asked, **pages.about(asked), **_fields(standing, visit)}
        return pages.show("about", about)
    if cards.is_card_page(standing, asked, page):
        return _card(standing, asked, visit)
    if page == ALL or _items_on(asked, page):
        return _questions(standing, asked, visit, page)
    return _summary(standing, asked, visit)


def _card(standing: Standing, asked: AskedRound, visit: Visit, *, seen: str = "") -> HttpResponse:
    context = {
        "asked": asked,
        "card": cards.shown_card(asked, visit, seen),
        "number": cards.last_page(standing, asked),
        **_fields(standing, visit),
    }
    return pages.show("card", context, status=422 if seen else 200)


def _send(standing: Standing, asked: AskedRound, visit: Visit) -> HttpResponse:
    try:
        thanks = actions.deliver(
            standing=standing,
            instrument=asked.instrument.hash,
            language=translation.get_language() or "",
            answers=visit.answers,
            secret=visit.secret,
            card=visit.card,
        )
    except refusals.SlipSpent:
        return ends.used(asked)
    except refusals.RoundOver:
        return ends.closed(asked)
    except refusals.AnswerRefused as refused:
        return _summary(standing, asked, visit, error=str(refused), status=ends.status_of(refused))
    context = {
        "asked": asked,
        "words": thanks.words,
        "is_repeat": thanks.is_repeat,
        "withdraw_address": pages.withdraw_address(),
    }
    return pages.show("thanks", context)


def _questions(
    standing: Standing,
    asked: AskedRound,
    visit: Visit,
    page: str,
    reading: Reading | None = None,
) -> HttpResponse:
    """Show one part, or all of them, with what is answered and what is to be mended."""
    fields = _fields(standing, visit)
    filled: dict[str, Any] = {"answers": visit.answers}
    if reading is not None:
        filled |= {"faults": reading.faults, "raw": reading.raw}
    status = 200 if reading is None else 422
    if page == ALL:
        whole = _whole(standing, asked, visit, **filled)
        return pages.show("whole", {**whole, **fields}, status=status)

    def shown() -> dict[str, Any]:
        language = translation.get_language() or ""
        part = page_of(asked.instrument, int(page), language, **filled)
        return {"asked": asked, "page": part, "parts": [part]}

    is_blank = reading is None and not set(_items_on(asked, page)) & set(visit.answers)
    if is_blank and not asked.instrument.skip_rules:
        return pages.show_blank(asked, page, "part", shown, fields)
    return pages.show("part", {**shown(), **fields}, status=status)


def _whole(
    standing: Standing, asked: AskedRound, visit: Visit | None = None, **filled: Any
) -> dict[str, Any]:
    """Return what the page with all parts needs, also to seal in the browser."""
    parts = pages.whole_questionnaire(asked, **filled)
    card: dict[str, Any] = {}
    if cards.has_card_page(standing, asked):
        shown = cards.shown_card(asked, visit or forms.new_visit())
        card = {"card": shown, "card_number": cards.last_page(standing, asked)}
    return {
        **card,
        "asked": asked,
        "parts": parts,
        "faulty": any(part.errors for part in parts),
        "standing": standing,
        "salt": base64.b64encode(standing.salt).decode(),
        "definition": definition_of(asked.instrument),
        "withdraw_address": pages.withdraw_address(),
        **pages.about(asked),
    }


def _summary(
    standing: Standing, asked: AskedRound, visit: Visit, *, error: str = "", status: int = 200
) -> HttpResponse:
    lines = summary_of(asked.instrument, translation.get_language() or "", visit.answers)
    context = {
        "asked": asked,
        "lines": lines,
        "error": error,
        **_fields(standing, visit),
        **cards.card_line(standing, asked, visit),
    }
    return pages.show("summary", context, status=status)


def _fields(standing: Standing, visit: Visit) -> dict[str, str]:
    """Return the page's hidden fields: the slip, and the sealed state of the visit."""
    sealed = forms.seal_visit(visit, round_ref=standing.round_ref, code=standing.code)
    return {"slip": standing.code, "state": sealed}
