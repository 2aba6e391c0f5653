"""What does a participant see, from the slip's code to the thanks?

The slip is the authority. There is no account, no session, no cookie and therefore no CSRF token:
somebody who makes another person's browser post here would need that person's unused code.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from knutepunkt.surveys.actions import answering as actions
from knutepunkt.surveys.actions.answering import Standing
from knutepunkt.surveys.forms import answering as forms
from knutepunkt.surveys.forms.answering import Reading, Visit
from knutepunkt.surveys.policies import answering as refusals
from knutepunkt.surveys.presenters.answering import page_of, summary_of
from knutepunkt.surveys.presenters.answering_script import definition_of
from knutepunkt.surveys.queries.answering import AskedRound, asked_round
from knutepunkt.surveys.views import answering_card as cards
from knutepunkt.surveys.views import answering_endings as ends
from knutepunkt.surveys.views import answering_pages as pages

_PART = re.compile(r"part-(\d{1,2})")
#: Pages of a visit beside the numbered parts, as the hidden field "page" names them.
ALL, ABOUT, SUMMARY = "alt", "about", "summary"
View = Callable[..., HttpResponse]


def _in_the_readers_language(view: View) -> View:
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def spoken(request: HttpRequest, **named: str) -> HttpResponse:
        with translation.override(pages.language_of(request)):
            return view(request, **named)

    return spoken


@_in_the_readers_language
def enter_code(request: HttpRequest) -> HttpResponse:
    """Take a code typed from a slip."""
    if request.method != "POST":
        return pages.show("code", {})
    typed = request.POST.get("code", "")[:60]
    try:
        standing = actions.standing_of(typed)
    except refusals.CodeUnknown as unknown:
        return pages.show("code", {"error": str(unknown), "typed": typed}, status=422)
    address = reverse("answering-slip", args=[standing.code])
    response = HttpResponseRedirect(f"{address}?lang={translation.get_language()}")
    response.status_code = 303
    return response


@_in_the_readers_language
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Show the survey behind a slip and take the answers to it."""
    try:
        standing = actions.standing_of(code[:60])
    except refusals.CodeUnknown as unknown:
        return pages.show("code", {"error": str(unknown), "typed": code[:60]}, status=404)
    asked = asked_round(standing.round_ref)
    if asked is None:
        return pages.show("code", {"error": _("This survey has been removed.")}, status=404)
    more = pages.further_languages(asked)
    with translation.override(pages.language_of(request, asked.language, more)):
        if not standing.is_open or not asked.takes_answers():
            return ends.told_closed(asked) if ends.is_sealed(request) else ends.closed(asked)
        return _visit(request, standing, asked)


@_in_the_readers_language
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take an answer back with the words of its receipt."""
    if request.method != "POST":
        return pages.show("withdraw", {})
    words = request.POST.get("words", "")[:400]
    try:
        return pages.show(_taken_back(words), {})
    except (refusals.WordsNotFound, refusals.AnswerRefused) as refused:
        return pages.show("withdraw", {"error": str(refused), "typed": words}, status=422)


def _taken_back(words: str) -> str:
    """Take the answer back where the survey is open, else queue the card; return the page to show."""
    try:
        actions.withdraw_answer(words=words)
    except refusals.WordsNotFound:
        actions.queue_deletion(words=words)
        return "queued"
    return "withdrawn"


def _visit(request: HttpRequest, standing: Standing, asked: AskedRound) -> HttpResponse:
    if ends.is_sealed(request):
        return ends.take_sealed(request, standing, asked)
    go = request.POST.get("go")
    # Once a slip is used, nobody who goes back in the browser sees what was answered with it; the
    # same visit sent again is still thanked again.
    if standing.is_used and go != "send":
        return ends.used(asked)
    if request.method == "POST" and go != "start":
        return _turn_page(request, standing, asked)
    if request.method == "POST":
        return _questions(standing, asked, forms.new_visit(), "1")
    if request.GET.get("vis") == ALL:
        state = _sealed(standing, forms.new_visit())
        return pages.show_blank(asked, ALL, "whole", lambda: _whole(standing, asked), state=state)
    return pages.show_blank(asked, ABOUT, "about", lambda: {"asked": asked, **pages.about(asked)})


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
        about = {"asked": asked, **pages.about(asked), "state": _sealed(standing, visit)}
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
        "state": _sealed(standing, visit),
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
    state = _sealed(standing, visit)
    filled: dict[str, Any] = {"answers": visit.answers}
    if reading is not None:
        filled |= {"faults": reading.faults, "raw": reading.raw}
    status = 200 if reading is None else 422
    if page == ALL:
        whole = _whole(standing, asked, visit, **filled)
        return pages.show("whole", {**whole, "state": state}, status=status)

    def shown() -> dict[str, Any]:
        language = translation.get_language() or ""
        part = page_of(asked.instrument, int(page), language, **filled)
        return {"asked": asked, "page": part, "parts": [part]}

    is_blank = reading is None and not set(_items_on(asked, page)) & set(visit.answers)
    if is_blank and not asked.instrument.skip_rules:
        return pages.show_blank(asked, page, "part", shown, state=state)
    return pages.show("part", {**shown(), "state": state}, status=status)


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
        "state": _sealed(standing, visit),
        **cards.card_line(standing, asked, visit),
    }
    return pages.show("summary", context, status=status)


def _sealed(standing: Standing, visit: Visit) -> str:
    return forms.seal_visit(visit, round_ref=standing.round_ref, code=standing.code)
